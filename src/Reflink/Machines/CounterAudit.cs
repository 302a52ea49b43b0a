using Reflink.Cache;

namespace Reflink.Machines;

/// <summary>The part of <see cref="Fsck"/> about counters: those of /proc/vmstat agree with each other and with the frames.</summary>
internal static class CounterAudit
{
    /// <summary>Every broken rule, one finding each.</summary>
    public static IEnumerable<string> Check(Machine machine) => CheckSums(machine).Concat(CheckPolicies(machine.Cache)).Concat(CheckLocks(machine));

    private static IEnumerable<string> CheckSums(Machine machine)
    {
        var counters = VmStat.Of(machine).ToDictionary(c => c.Name, c => c.Value);
        var (free, file, anonymous) = (counters["nr_free_pages"], counters["nr_file_pages"], counters["nr_anon_pages"]);
        if (free + file + anonymous != machine.Cache.FrameCount)
        {
            yield return $"{free} pages are free, {file} hold files and {anonymous} anonymous memory, of {machine.Cache.FrameCount}";
        }

        foreach (var (less, more) in ((string, string)[])
        [
            ("pgsteal_file", "pgscan_file"), ("pgsteal_anon", "pgscan_anon"), ("pgsteal_direct", "pgscan_direct"), ("pgsteal_kswapd", "pgscan_kswapd"), ("nr_dirty", "nr_file_pages"), ("nr_mapped", "nr_file_pages"),
            ("nr_dirty", "nr_dirtied"), ("pswpout", "nr_written"), ("pglazyfreed", "pglazyfree"),
        ])
        {
            if (counters[less] > counters[more])
            {
                yield return $"{less} is {counters[less]}, more than {more}, which is {counters[more]}";
            }
        }

        foreach (var count in (string[])["scan", "steal"])
        {
            var (of, by) = (counters[$"pg{count}_file"] + counters[$"pg{count}_anon"], counters[$"pg{count}_direct"] + counters[$"pg{count}_kswapd"]);
            if (of != by)
            {
                yield return $"pg{count} is {of} by kind of page, and {by} by who reclaimed";
            }
        }

        var stolen = counters["pgsteal_file"] + counters["pgsteal_anon"];
        if (stolen > machine.Cache.Evictions)
        {
            yield return $"{stolen} pages left because memory was short, of {machine.Cache.Evictions} that were evicted at all";
        }
    }

    // What a locked mapping has in its page table is locked, and no policy has it.
    private static IEnumerable<string> CheckLocks(Machine machine)
    {
        var (frames, locked) = (machine.Cache.Frames, FrameFlags.Locked);
        foreach (var process in machine.Processes.Alive)
        {
            foreach (var (page, frame) in process.Memory.Mappings.Where(vma => vma.IsLocked).SelectMany(process.Memory.Present))
            {
                if (frame != frames.Zero && (frames[frame].Flags & locked) == 0)
                {
                    yield return $"{process}: {page} is locked, but its frame {frame} of {frames[frame].Block} may leave memory";
                }
            }
        }

        for (var n = 0; n < machine.Cache.HighWater; n++)
        {
            if ((frames[new FrameNumber(n)].Flags & (locked | FrameFlags.Listed)) == (locked | FrameFlags.Listed))
            {
                yield return $"frame {n} is locked, and in a policy's lists all the same";
            }
        }
    }

    // Every listed frame is in the lists of just the policy that serves its kind of block.
    private static IEnumerable<string> CheckPolicies(PageCache cache)
    {
        var listed = new Dictionary<IReplacementPolicy, long>();
        for (var n = 0; n < cache.HighWater; n++)
        {
            ref readonly var frame = ref cache.Frames[new FrameNumber(n)];
            if ((frame.Flags & FrameFlags.Listed) != 0 && cache.Lists.PolicyOf(frame.Block.Kind) is { } policy)
            {
                listed[policy] = listed.GetValueOrDefault(policy) + 1;
            }
        }

        foreach (var policy in cache.Lists.CountingPolicies)
        {
            var frames = listed.GetValueOrDefault((IReplacementPolicy)policy);
            if (policy.Pages != frames)
            {
                yield return $"the policy '{((IReplacementPolicy)policy).Name}' has {policy.Pages} pages in its lists, {frames} frames say that they are there";
            }
        }
    }
}
