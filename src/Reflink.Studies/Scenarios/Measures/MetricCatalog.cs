using System.Text.RegularExpressions;
using Reflink.Ksm.Controls;
using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios.Measures;

/// <summary>Everything that a scenario can measure: a name is a whole number that a machine has at a moment. Another one is a line here.</summary>
public static partial class MetricCatalog
{
    private const string VmStat = "/proc/vmstat";
    private const string MemoryInfo = "/proc/meminfo";
    private const string Ksm = "/sys/kernel/mm/ksm/";

    private static readonly SortedDictionary<string, Metric> s_metrics = new(Metrics().ToDictionary(m => m.Name), StringComparer.Ordinal);

    /// <summary>The names, and what each means.</summary>
    public static IReadOnlyList<(string Name, string Does)> All { get; } = [.. s_metrics.Values.Select(m => (m.Name, m.Does))];

    /// <summary>Whether there is a metric of that name.</summary>
    internal static bool Has(string name) => s_metrics.ContainsKey(name);

    /// <summary>What is wrong with a name, and what would be right.</summary>
    internal static string Problem(string name) => $"there is nothing '{name}' to measure; {Words.Known(name, Nearby(name))} 'reflink study metrics' lists all of them";

    /// <summary>A metric's value; null if this machine does not keep it.</summary>
    internal static long? Value(string name, Moment moment) => s_metrics[name].Of(moment);

    private static string[] Nearby(string name)
    {
        var family = name.Split('.')[0] + ".";
        return [.. s_metrics.Keys.Where(key => name.Contains('.', StringComparison.Ordinal) ? key.StartsWith(family, StringComparison.Ordinal) : !key.Contains('.', StringComparison.Ordinal))];
    }

    private static IEnumerable<Metric> Metrics() => Plain().Concat(OfFiles()).Concat(Enum.GetValues<Units.WorkKind>().Select(kind => new Metric(
        $"work.{Snake().Replace(kind.ToString(), "_$0").ToLowerInvariant()}", $"how often work of the kind {kind} was done", m => m.Machine.Meter.Total(kind))));

    private static IEnumerable<Metric> Plain() =>
    [
        new("time", "nanoseconds of simulated time since the machine was switched on", m => m.Time),
        new("frames", "frames that hold a page", m => m.Machine.Cache.Resident),
        new("free", "frames that hold none", m => m.Machine.Cache.FrameCount - m.Machine.Cache.Resident),
        new("peak", "the most frames that held a page at any time", m => m.Machine.Cache.Peak),
        new("dirty", "frames whose bytes are nowhere else", m => m.Machine.Cache.DirtyFrames),
        new("reads", "pages read from the store", m => m.Machine.StoreCalls.Reads),
        new("writes", "pages written to the store", m => m.Machine.StoreCalls.Writes),
        new("evicted", "frames evicted", m => m.Machine.Cache.Evictions),
        new("swapped", "pages in swap", m => m.Machine.Cache.SwapPages.Used),
        new("processes", "processes that run", m => m.Processes),
        new("named", "files of the root directory", m => m.Machine.Volume.List("/").Count),
        new("cached", "pages that are in memory, counted once for each owner", m => m.Census.Files.Sum(f => f.Cached)),
        new("saved", "frames that sharing saves: cached less frames that have an owner", m => m.Census.Files.Sum(f => f.Cached) - m.Census.Runs.Where(r => r.Owners.Count > 0).Sum(r => (long)r.Count)),
        new("exposed_frames", "merged frames that processes of several users map", m => m.Exposure.Frames),
        new("exposed_pairs", "pairs of users who share a merged frame, frame by frame", m => m.Exposure.Pairs),
        new("exposed_pages", "mappings of such frames, where the time of a write tells", m => m.Exposure.Pages),
        new("ksmd_time", "nanoseconds that ksmd has worked", m => m.Machine.TimeOf(m.Machine.Ksm.Account)),
        .. Merging(),
        .. Enum.GetValues<FrameKind>().Select(kind => new Metric(kind.ToString().ToLowerInvariant(), $"frames of the kind {kind}", m => m.Frames(kind))),
    ];

    private static IEnumerable<Metric> Merging() =>
        ((IReadOnlyList<(string Name, Func<KsmCounters, long> Of)>)
        [
            ("pages_shared", c => c.PagesShared), ("pages_sharing", c => c.PagesSharing), ("zero_pages", c => c.ZeroPages),
            ("stable_node_dups", c => c.StableNodeDups), ("general_profit", c => c.GeneralProfit),
        ])
        .Select(counter => new Metric($"merging.{counter.Name}", $"{counter.Name} of ksm, of requests and of all partitions together", m => m.Counters.Sum(c => counter.Of(c))));

    // What a machine with everything switched on keeps; one with less has fewer.
    private static IEnumerable<Metric> OfFiles()
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var memory = new SortedSet<string>(StringComparer.Ordinal);
        var merging = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var policy in (string[])["linux", "mglru"])
        {
            using var machine = new Machine(new MachineOptions { Memory = 1 << 20, Swap = 1 << 20, Policy = policy, MinFree = 64 << 10, Dirty = new DirtyLimits() });
            names.UnionWith(Moment.Lines(machine, VmStat).Keys);
            memory.UnionWith(Moment.Lines(machine, MemoryInfo).Keys);
            var moment = new Moment(new ExperimentBench(machine, null, default));
            merging.UnionWith(machine.Control.All.Select(file => file.Path).Where(path => path.LastIndexOf('/') == Ksm.Length - 1 && path.StartsWith(Ksm, StringComparison.Ordinal) && moment.File(path) is not null).Select(path => path[Ksm.Length..]));
        }

        return
        [
            .. names.Select(name => new Metric($"vmstat.{name}", $"{name} of {VmStat}", m => m.Line(VmStat, name))),
            .. memory.Where(name => !name.Contains('(', StringComparison.Ordinal)).Select(name => new Metric($"meminfo.{name}", $"{name} of {MemoryInfo}, in KiB", m => m.Line(MemoryInfo, name))),
            .. merging.Select(name => new Metric($"ksm.{name}", $"{Ksm}{name}", m => m.File(Ksm + name))),
        ];
    }

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Snake();

    private sealed record Metric(string Name, string Does, Func<Moment, long?> Of);
}
