namespace Reflink.Cache.Policies.Linux;

/// <summary>The counters of reclaim under the names of /proc/vmstat (mm/vmstat.c).</summary>
internal static class ReclaimCounters
{
    /// <summary>Those of one kind of page.</summary>
    public static KernelCounter[] Of(FolioKind kind, long inactive, long active, WorkingsetCounts workingset, ScanCounts scans)
    {
        var suffix = kind == FolioKind.File ? "file" : "anon";
        return
        [
            new($"nr_inactive_{suffix}", inactive), new($"nr_active_{suffix}", active),
            new($"workingset_refault_{suffix}", workingset.Refaults), new($"workingset_activate_{suffix}", workingset.Activations),
            new($"workingset_restore_{suffix}", workingset.Restores), new($"pgscan_{suffix}", scans.Scanned),
        ];
    }

    /// <summary>Those of both kinds together.</summary>
    public static KernelCounter[] OfBoth(PageTree tree, long activated, ScanCounts anonymous, ScanCounts file) =>
    [
        new("workingset_nodes", tree.ShadowNodes), new("workingset_nodereclaim", tree.Reclaimed), new("slabs_scanned", tree.Scanned),
        new("pgactivate", activated + anonymous.Activated + file.Activated), new("pgdeactivate", anonymous.Deactivated + file.Deactivated),
        new("pgrefill", anonymous.Refilled + file.Refilled),
    ];
}
