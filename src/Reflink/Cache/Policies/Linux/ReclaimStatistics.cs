namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// The counters of a group as reclaim sees them: as they were when they were last flushed (mem_cgroup_flush_stats, mm/memcontrol.c). A
/// kernel flushes them every two seconds and when memory.stat is read.
/// </summary>
/// <param name="Inactive">nr_inactive_file.</param>
/// <param name="Active">nr_active_file.</param>
/// <param name="Activations">workingset_activate_file.</param>
/// <param name="SlabPages">nr_slab_unreclaimable and nr_slab_reclaimable.</param>
internal readonly record struct ReclaimStatistics(long Inactive, long Active, long Activations, long SlabPages)
{
    /// <summary>
    /// Whether the inactive list is too short for the active one (inactive_is_low, mm/vmscan.c): 1 to 1 below a GiB, 1 to 3 at one, 1 to 10 at ten.
    /// </summary>
    public bool IsInactiveLow
    {
        get
        {
            var gigabytes = (Inactive + Active) >> (30 - Reflink.Page.Shift);
            var ratio = gigabytes == 0 ? 1 : (long)Math.Sqrt(10 * gigabytes);
            return Inactive * ratio < Active;
        }
    }
}
