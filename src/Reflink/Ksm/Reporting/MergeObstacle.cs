
namespace Reflink.Ksm.Reporting;

/// <summary>Why a page is not merged, or that it is. In the order in which they are asked: the first that holds is the answer.</summary>
public enum MergeObstacle
{
    /// <summary>It is mapped to a merged page, as others are.</summary>
    Merged,

    /// <summary>It is mapped to the zero page in place of an empty one.</summary>
    MergedWithZero,

    /// <summary>Nothing is mapped there.</summary>
    NotMapped,

    /// <summary>The mapping is shared: its pages are the file's, which are never merged. Guests' memory behind virtiofs or vhost-user is such.</summary>
    SharedMapping,

    /// <summary>Nobody advised that the mapping be merged.</summary>
    NotAdvised,

    /// <summary>The page is the file's still: only private copies, made by a write, are merged.</summary>
    FilePage,

    /// <summary>The page was never written: there is nothing to be merged.</summary>
    Untouched,

    /// <summary>The page is in swap: only pages in memory are looked at.</summary>
    SwappedOut,

    /// <summary>Somebody may write to the page past the page table.</summary>
    Pinned,

    /// <summary>The scanner does not run.</summary>
    ScannerStopped,

    /// <summary>No scanner goes over the partition, and nobody has asked for the page.</summary>
    NotAsked,

    /// <summary>The scanner has not come by yet.</summary>
    NotVisited,

    /// <summary>The page changed between two visits, or is seen for the first time: it must rest for one pass.</summary>
    Changing,

    /// <summary>Smart scan leaves the page out until a later pass, since it did not merge before.</summary>
    Skipped,

    /// <summary>No page of the partition was found equal; the page waits for one.</summary>
    NoEqual,
}
