using System.Globalization;
using Reflink.Cache;
using Reflink.Vm;

namespace Reflink.Machines;

/// <summary>
/// The counters of /proc/vmstat: here alone those of all strata come together, in the kernel's order. A counter that the machine or its
/// policy does not keep is left out.
/// </summary>
internal static class VmStat
{
    // vmstat_text of mm/vmstat.c in Linux 6.18, as far as a stratum may have such a counter. Others stand behind these, as they come.
    private static readonly string[] s_order =
    [
        "nr_free_pages", "nr_mlock",
        "nr_inactive_anon", "nr_active_anon", "nr_inactive_file", "nr_active_file", "nr_unevictable", "nr_isolated_anon", "nr_isolated_file",
        "workingset_nodes", "workingset_refault_anon", "workingset_refault_file", "workingset_activate_anon", "workingset_activate_file",
        "workingset_restore_anon", "workingset_restore_file", "workingset_nodereclaim",
        "nr_anon_pages", "nr_mapped", "nr_file_pages", "nr_dirty", "nr_writeback", "nr_shmem", "nr_vmscan_write", "nr_vmscan_immediate_reclaim",
        "nr_dirtied", "nr_written", "nr_throttled_written", "nr_page_table_pages", "nr_swapcached",
        "nr_dirty_threshold", "nr_dirty_background_threshold",
        "pgpgin", "pgpgout", "pswpin", "pswpout", "allocstall_normal", "allocstall_movable",
        "pgactivate", "pgdeactivate", "pglazyfree", "pgfault", "pgmajfault", "pglazyfreed", "pgrefill",
        "pgsteal_kswapd", "pgsteal_direct", "pgscan_kswapd", "pgscan_direct", "pgscan_direct_throttle",
        "pgscan_anon", "pgscan_file", "pgsteal_anon", "pgsteal_file", "slabs_scanned",
        "kswapd_low_wmark_hit_quickly", "kswapd_high_wmark_hit_quickly", "pageoutrun", "pgrotated", "drop_pagecache", "drop_slab", "oom_kill",
        "unevictable_pgs_culled", "unevictable_pgs_scanned", "unevictable_pgs_rescued", "unevictable_pgs_mlocked", "unevictable_pgs_munlocked",
        "swap_ra", "swap_ra_hit", "ksm_swpin_copy", "cow_ksm",
    ];

    private static readonly Dictionary<string, int> s_places = s_order.Index().ToDictionary(place => place.Item, place => place.Index);

    /// <summary>Every counter as it is now.</summary>
    public static IReadOnlyList<KernelCounter> Of(Machine machine)
    {
        var values = new OrderedDictionary<string, long>();
        foreach (var counter in OfMachine(machine).Concat(CacheCounters.OfPolicies(machine.Cache)))
        {
            // A policy knows its pages better than the machine does; the objects that it looks at are others.
            values[counter.Name] = counter.Value + (counter.Name == "slabs_scanned" ? values.GetValueOrDefault(counter.Name) : 0);
        }

        return [.. values.Select(v => new KernelCounter(v.Key, v.Value)).OrderBy(c => s_places.GetValueOrDefault(c.Name, s_places.Count))];
    }

    /// <summary>The counters as the kernel prints them, one a line.</summary>
    public static string Text(Machine machine) =>
        string.Join('\n', Of(machine).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Name} {c.Value}")));

    private static IEnumerable<KernelCounter> OfMachine(Machine machine)
    {
        var (meter, drops) = (machine.Meter, machine.Drops);
        var major = meter.Total(WorkKind.MajorFault);
        return
        [
            .. CacheCounters.Of(machine.Cache),
            new("nr_mapped", Mapped(machine)),
            new("pgpgin", meter.Total(WorkKind.StoreRead) * Page.Size / 1024), new("pgpgout", meter.Total(WorkKind.StoreWrite) * Page.Size / 1024),
            new("pgfault", meter.Total(WorkKind.MinorFault) + major), new("pgmajfault", major),
            new("oom_kill", machine.Processes.Killer.Kills),
            new("drop_pagecache", drops.OfPages), new("drop_slab", drops.OfObjects),
            .. machine.Ksm.EventCounters,
        ];
    }

    // Pages of files that at least one page-table entry leads to: there is no reverse map, so the page tables are walked.
    private static long Mapped(Machine machine)
    {
        var (counts, mapped) = (new MapCounts(machine.Processes, machine.Cache), 0L);
        for (var n = 0; n < machine.Cache.HighWater; n++)
        {
            var number = new FrameNumber(n);
            ref readonly var frame = ref machine.Cache.Frames[number];
            mapped += !frame.Block.IsZero && frame.Block.Kind != BlockKind.Anonymous && counts[number] > 0 ? 1 : 0;
        }

        return mapped;
    }
}
