namespace Reflink.Ksm.Reporting;

/// <summary>Why a run of pages is not merged.</summary>
/// <param name="Start">The first page.</param>
/// <param name="Count">How many pages side by side this holds for.</param>
/// <param name="Obstacle">Why.</param>
/// <param name="Partition">The partition that they are in; empty for the machine's own, null for none.</param>
/// <param name="UntilPass">Skipped: the number of the pass that looks at the first of them again.</param>
public readonly record struct MergeExplanation(VirtualPage Start, long Count, MergeObstacle Obstacle, string? Partition, long? UntilPass)
{
    /// <summary>What <see cref="Other"/> is for pages that were merged on request without a partition.</summary>
    public const string Requested = "requested";

    /// <summary>The partition that has an equal page, for <see cref="MergeObstacle.OtherPartition"/>; empty for the machine's own.</summary>
    public string? Other { get; init; }

    /// <summary>The reason as a sentence, with what to do.</summary>
    public string Sentence => Obstacle switch
    {
        MergeObstacle.Merged => "merged",
        MergeObstacle.MergedWithZero => "merged with the zero page",
        MergeObstacle.NotMapped => "nothing is mapped there",
        MergeObstacle.SharedMapping => "the mapping is shared; only private memory is merged, so back the memory privately (no memfd, virtiofs or vhost-user)",
        MergeObstacle.NotAdvised => "nobody advised it: madvise(MADV_MERGEABLE), or prctl(PR_SET_MEMORY_MERGE) before the memory is mapped",
        MergeObstacle.FilePage => "the page is the file's own; it is shared through the page cache already, and only private copies are merged",
        MergeObstacle.Untouched => "the page was never written; there is nothing to merge",
        MergeObstacle.SwappedOut => "the page is in swap; only pages in memory are merged",
        MergeObstacle.Pinned => "the page is pinned for input or output; it can be merged when that ends",
        MergeObstacle.ScannerStopped => "the scanner does not run: write 1 to run",
        MergeObstacle.NotAsked => "the partition has no scanner, and nobody asked since the page was written: merge the range again",
        MergeObstacle.NotVisited => "the scanner has not come by since the page was mapped",
        MergeObstacle.Changing => "the page is new to the scanner or changed since its last visit; it is merged once it rests for a pass",
        MergeObstacle.ChainFull => "as many pages share the equal frame as may: raise max_page_sharing (while nothing is merged), or wait for another equal page, with which a second frame begins",
        MergeObstacle.OtherNode => "an equal page is on another NUMA node: write 1 to merge_across_nodes (while nothing is merged), or keep equal memory on one node",
        MergeObstacle.OtherPartition => $"an equal page is {(Other is Requested ? "merged on request, outside of partitions" : Other is { Length: > 0 } name ? $"in the partition '{name}'" : "left to ksm, outside of partitions")}, and what is merged apart shares nothing: merge both in one, if their users may learn of each other's pages",
        MergeObstacle.Skipped => $"smart scan leaves it out until pass {UntilPass}, and what is left out cannot be met by others: write 0 to smart_scan, or wait",
        _ => "no equal page was found in the partition; it waits for one",
    };
}
