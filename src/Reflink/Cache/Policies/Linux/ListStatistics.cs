namespace Reflink.Cache.Policies.Linux;

/// <summary>The counters of the two lists of one kind of page.</summary>
/// <param name="Inactive">nr_inactive_file or nr_inactive_anon.</param>
/// <param name="Active">nr_active_file or nr_active_anon.</param>
/// <param name="Activations">workingset_activate_file or workingset_activate_anon.</param>
internal readonly record struct ListStatistics(long Inactive, long Active, long Activations)
{
    /// <summary>Pages on both lists.</summary>
    public long Pages => Inactive + Active;

    /// <summary>
    /// Whether the inactive list is too short for the active one (inactive_is_low, mm/vmscan.c): 1 to 1 below a GiB, 1 to 3 at one, 1 to 10 at ten.
    /// </summary>
    public bool IsInactiveLow
    {
        get
        {
            var gigabytes = Pages >> (30 - Reflink.Page.Shift);
            var ratio = gigabytes == 0 ? 1 : (long)Math.Sqrt(10 * gigabytes);
            return Inactive * ratio < Active;
        }
    }
}
