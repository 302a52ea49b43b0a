using Reflink.Cache.Policies;

namespace Reflink.Cache;

/// <summary>What physical memory counts, under the names of /proc/vmstat (vmstat_text in mm/vmstat.c). Pages are counted anew, frame by frame.</summary>
internal static class CacheCounters
{
    public static IEnumerable<KernelCounter> Of(PageCache cache)
    {
        var (file, anonymous, inSwap, dirty, writeback) = (0L, 0L, 0L, 0L, 0L);
        for (var n = 0; n < cache.HighWater; n++)
        {
            ref readonly var frame = ref cache.Frames[new FrameNumber(n)];
            if (frame.Block.IsZero)
            {
                continue;
            }

            var isAnonymous = cache.Lists.KindOf(frame.Block) == FolioKind.Anonymous;
            file += isAnonymous ? 0 : 1;
            anonymous += isAnonymous ? 1 : 0;
            inSwap += (frame.Flags & FrameFlags.InSwap) != 0 ? 1 : 0;
            dirty += !isAnonymous && (frame.Flags & FrameFlags.Dirty) != 0 ? 1 : 0;
            writeback += (frame.Flags & FrameFlags.Writeback) != 0 ? 1 : 0;
        }

        return
        [
            new("nr_free_pages", cache.FrameCount - cache.Resident), new("nr_file_pages", file), new("nr_anon_pages", anonymous), new("nr_swapcached", inSwap),
            new("nr_dirty", dirty), new("nr_writeback", writeback), new("nr_dirtied", cache.Dirty.Dirtied), new("nr_written", cache.Dirty.Written),
            .. Thresholds(cache), .. Locks(cache), .. Swap(cache), .. Reclaim(cache),
        ];
    }

    /// <summary>What the policies count; several of one kind are added up.</summary>
    public static IEnumerable<KernelCounter> OfPolicies(PageCache cache) => cache.Lists.CountingPolicies
        .SelectMany(policy => policy.Counters)
        .GroupBy(counter => counter.Name, (name, all) => new KernelCounter(name, all.Sum(counter => counter.Value)));

    /// <summary>How many frames are locked.</summary>
    public static long Locked(PageCache cache)
    {
        var locked = 0L;
        for (var n = 0; n < cache.HighWater; n++)
        {
            locked += (cache.Frames[new FrameNumber(n)].Flags & FrameFlags.Locked) != 0 ? 1 : 0;
        }

        return locked;
    }

    private static IEnumerable<KernelCounter> Thresholds(PageCache cache)
    {
        if (cache.Dirty.Throttle?.Flusher is not { } flusher)
        {
            return [];
        }

        var (background, limit) = flusher.Thresholds;
        return [new("nr_dirty_threshold", limit), new("nr_dirty_background_threshold", background), new("nr_vmscan_immediate_reclaim", cache.Lists.Postponed)];
    }

    // Only locked pages are unevictable: there are no others of the kernel's kinds, such as those of ramfs.
    private static IEnumerable<KernelCounter> Locks(PageCache cache)
    {
        var locked = Locked(cache);
        return [new("nr_unevictable", locked), new("nr_mlock", locked)];
    }

    private static IEnumerable<KernelCounter> Swap(PageCache cache)
    {
        var (pagesIn, pagesOut) = (cache.Swap?.PagesIn ?? 0, cache.Swap?.PagesOut ?? 0);
        return [new("pswpin", pagesIn), new("pswpout", pagesOut), new("pglazyfree", cache.Dirty.GivenUp), new("pglazyfreed", cache.Reclaimer.LazilyFreed),
            new("swap_ra", cache.Swap?.PagesAhead ?? 0), new("swap_ra_hit", cache.Swap?.HitsAhead ?? 0)];
    }

    private static IEnumerable<KernelCounter> Reclaim(PageCache cache)
    {
        var (reclaimer, kswapd) = (cache.Reclaimer, cache.Allocator.Kswapd);
        var (scanned, stolen) = (reclaimer.Scanned, reclaimer.Stolen);
        var (direct, daemon) = (reclaimer.By(ReclaimedBy.Allocator), reclaimer.By(ReclaimedBy.Kswapd));
        return
        [
            new("pgscan_anon", scanned.Anonymous), new("pgscan_file", scanned.File), new("pgscan_direct", direct.Scanned), new("pgscan_kswapd", daemon.Scanned),
            new("pgsteal_anon", stolen.Anonymous), new("pgsteal_file", stolen.File), new("pgsteal_direct", direct.Stolen), new("pgsteal_kswapd", daemon.Stolen),
            new("allocstall_movable", cache.Allocator.Stalls), new("pageoutrun", kswapd.Runs), new("kswapd_low_wmark_hit_quickly", kswapd.WokenQuickly),
            new("slabs_scanned", reclaimer.ObjectsScanned),
        ];
    }
}
