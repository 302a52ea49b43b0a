namespace Reflink.Ksm.Controls;

/// <summary>What merging does to one process (/proc/PID/ksm_stat, fs/proc/base.c).</summary>
/// <param name="RmapItems">Pages that the scanner remembers of it.</param>
/// <param name="ZeroPages">Its mappings of the zero page in place of an empty one.</param>
/// <param name="MergingPages">Its pages that are mapped to merged ones, as far as the scanner knows.</param>
/// <param name="MergeAny">Whether prctl(PR_SET_MEMORY_MERGE) is on.</param>
/// <param name="Mergeable">Whether any mapping may be merged.</param>
public readonly record struct KsmStat(long RmapItems, long ZeroPages, long MergingPages, bool MergeAny, bool Mergeable)
{
    /// <summary>What merging saves in this process less what it costs, in bytes (ksm_process_profit).</summary>
    public long ProcessProfit => ((MergingPages + ZeroPages) * Page.Size) - (RmapItems * KsmCounters.BytesPerItem);
}
