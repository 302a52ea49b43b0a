namespace Reflink.Ksm.Reporting;

/// <summary>Why a page is not merged, or that it is. They are checked in this order, and the first that holds is the answer.</summary>
public enum MergeObstacle
{
    /// <summary>The page is mapped to a merged page, as other pages are.</summary>
    Merged,

    /// <summary>The page was empty and is mapped to the zero page.</summary>
    MergedWithZero,

    /// <summary>Nothing is mapped there.</summary>
    NotMapped,

    /// <summary>The mapping is shared: its pages belong to the file and are never merged. The memory of guests behind virtiofs or vhost-user is shared.</summary>
    SharedMapping,

    /// <summary>Nobody advised that the mapping be merged.</summary>
    NotAdvised,

    /// <summary>The page still belongs to the file: only private copies, which a write makes, are merged.</summary>
    FilePage,

    /// <summary>The page was never written: there is nothing to merge.</summary>
    Untouched,

    /// <summary>The page is in swap: only pages in memory are looked at.</summary>
    SwappedOut,

    /// <summary>The page is pinned: a device may write to it without going through the page table.</summary>
    Pinned,

    /// <summary>The scanner does not run.</summary>
    ScannerStopped,

    /// <summary>The partition has no scanner, and merging of the page was not requested.</summary>
    NotAsked,

    /// <summary>The scanner has not visited the page yet.</summary>
    NotVisited,

    /// <summary>The page changed between two visits, or was visited for the first time: it is merged once it stays unchanged for a pass.</summary>
    Changing,

    /// <summary>The equal pages that were found are merged already, and as many share their frame as may (max_page_sharing): another equal page must come, to begin a second one.</summary>
    ChainFull,

    /// <summary>An equal page is on another NUMA node, and merge_across_nodes is 0.</summary>
    OtherNode,

    /// <summary>An equal page is in another partition, whose pages are never compared with these.</summary>
    OtherPartition,

    /// <summary>Smart scan skips the page until a later pass because it did not merge before.</summary>
    Skipped,

    /// <summary>No equal page was found in the partition; the page waits for one.</summary>
    NoEqual,
}
