namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// The counters of a group as reclaim sees them: as they were when they were last flushed (mem_cgroup_flush_stats, mm/memcontrol.c). A
/// kernel flushes them every two seconds and when memory.stat is read.
/// </summary>
/// <param name="File">Those of files' pages.</param>
/// <param name="Anonymous">Those of anonymous pages.</param>
/// <param name="SlabPages">nr_slab_unreclaimable and nr_slab_reclaimable.</param>
internal readonly record struct ReclaimStatistics(ListStatistics File, ListStatistics Anonymous, long SlabPages)
{
    /// <summary>Pages on all lists.</summary>
    public long ListedPages => File.Pages + Anonymous.Pages;

    /// <summary>Those of one kind.</summary>
    public ListStatistics Of(FolioKind kind) => kind == FolioKind.File ? File : Anonymous;
}
