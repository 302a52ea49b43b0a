using BitFaster.Caching.Lfu;
using BitFaster.Caching.Lru;
using BitFaster.Caching.Scheduler;
using Reflink.Cache.Simulation;
using Reflink.Measuring;

namespace Reflink.Benchmarks.Replays;

/// <summary>One trace and one size of memory: our policies, a lookup in a dictionary of as many pages, BitFaster's caches.</summary>
internal sealed class ReplayContest(PageAccess[] trace, int pages, string title)
{
    public const string Lookup = "Dictionary lookup";
    public const string ConcurrentLru = "ConcurrentLru";
    public const string ConcurrentLfu = "ConcurrentLfu";

    private readonly Dictionary<ulong, int> _dictionary = Fill(trace, pages);
    private long _found;

    public string Discipline(string policy) => $"{policy}, {title}";

    /// <summary>A policy beside the lookup, run in the same round.</summary>
    public IEnumerable<Contestant> Of(string policy)
    {
        var simulation = ReplacementPolicies.Simulate(policy, pages);
        yield return new(Discipline(policy), Contestant.Ours, lap =>
        {
            lap.Start();
            simulation.Run(trace);
            lap.Stop(trace.Length);
        });
        yield return new(Discipline(policy), Lookup, lap =>
        {
            lap.Start();
            foreach (ref readonly var access in trace.AsSpan())
            {
                _found += _dictionary.TryGetValue(access.Page.Value, out var at) ? at : 0;
            }

            lap.Stop(trace.Length);
        });
    }

    /// <summary>BitFaster's, beside the policy of that discipline.</summary>
    public IEnumerable<Contestant> Peers(string policy)
    {
        var lru = new ConcurrentLru<ulong, int>(1, Math.Max(3, pages), EqualityComparer<ulong>.Default);
        yield return new(Discipline(policy), ConcurrentLru, lap => Run(lap, key => lru.GetOrAdd(key, static _ => 1)));
        var lfu = new ConcurrentLfu<ulong, int>(1, Math.Max(3, pages), new ForegroundScheduler(), EqualityComparer<ulong>.Default);
        yield return new(Discipline(policy), ConcurrentLfu, lap => Run(lap, key => lfu.GetOrAdd(key, static _ => 1)));
    }

    /// <summary>Managed bytes that a simulation takes a page when its memory was full for long.</summary>
    public static double BytesAPage(PageAccess[] trace, string policy, int pages)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var simulation = ReplacementPolicies.Simulate(policy, pages);
        simulation.Run(trace);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(trace);
        return (after - before) / (double)simulation.Resident;
    }

    private void Run(Lap lap, Func<ulong, int> use)
    {
        lap.Start();
        foreach (ref readonly var access in trace.AsSpan())
        {
            _found += use(access.Page.Value);
        }

        lap.Stop(trace.Length);
    }

    // The pages that are used first, and so mostly those used most.
    private static Dictionary<ulong, int> Fill(PageAccess[] trace, int pages)
    {
        var dictionary = new Dictionary<ulong, int>(pages);
        foreach (var access in trace)
        {
            if (dictionary.Count < pages)
            {
                dictionary.TryAdd(access.Page.Value, 1);
            }
        }

        for (var rank = 1L; dictionary.Count < pages; rank++)
        {
            dictionary.TryAdd(ZipfPages.PageOf(rank).Value, 1);
        }

        return dictionary;
    }
}
