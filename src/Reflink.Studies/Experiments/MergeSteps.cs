using System.Globalization;
using Reflink.Ksm.Controls;
using Reflink.Ksm.Partitions;
using Reflink.Ksm.Scanning;
using Reflink.Units;

namespace Reflink.Studies.Experiments;

/// <summary>The steps that merge memory, and tell why it does not merge.</summary>
internal static class MergeSteps
{
    private const string Root = "/sys/kernel/mm/ksm/";

    private static readonly SortedDictionary<string, Action<KsmTunables, bool>> s_options = new(StringComparer.Ordinal)
    {
        ["aligned-skips"] = (tunables, value) => tunables.AlignedSkips = value,
        ["fake-merging"] = (tunables, value) => tunables.FakeMerging = value,
        ["fresh-survivor"] = (tunables, value) => tunables.FreshSurvivor = value,
    };

    public static IReadOnlyList<StepForm> Forms { get; } =
    [
        new("advise NAME PROCESS", "let ksm merge what the process copied of a file (MADV_MERGEABLE)", (bench, a) => Advise(bench, a, Advice.Mergeable)),
        new("unadvise NAME PROCESS", "take that back and unmerge (MADV_UNMERGEABLE)", (bench, a) => Advise(bench, a, Advice.Unmergeable)),
        new("merge NAME PROCESS [PARTITION]", "merge it now (MADV_MERGE), or within a partition, made if there is none", (bench, a) => Merge(bench, a, MergeFlags.None)),
        new("merge-lazily NAME PROCESS [PARTITION]", "merge it now, and leave pages without an equal as they are instead of protecting them", (bench, a) => Merge(bench, a, MergeFlags.Lazy)),
        new("join NAME PROCESS PARTITION", "let the scanner of a partition merge it, made if there is none", Join),
        new("pass [COUNT]", "whole passes of every scanner, one if no number is given", Pass),
        new("settle", "whole passes of every scanner until each page is merged or has found no equal", Settle),
        new("wake", "let simulated time pass until a scanner has worked once more", Wake),
        new("tune OPTION VALUE", $"set what Linux does not have, to 0 or 1: {string.Join(", ", s_options.Keys)}", Tune),
        new("control FILE [TEXT]", $"read a control file, such as /proc/vmstat, or write one; names without / are of {Root}", Control),
        new("explain NAME PROCESS", "tell why its pages do not merge", (bench, a) => string.Join("; ", bench.Explain(bench.Mapping(a[0], a[1])).Select(Text))),
    ];

    private static string Text(MappingExplanation e) => e.Count == 1 ? $"page {e.FirstPage}: {e.Sentence}" : $"pages {e.FirstPage}-{e.FirstPage + e.Count - 1}: {e.Sentence}";

    private static string? Advise(ExperimentBench bench, StepArguments a, Advice advice)
    {
        var mapping = bench.Mapping(a[0], a[1]);
        mapping.Process.Madvise(mapping.Address, mapping.Size, advice);
        return null;
    }

    /// <summary>The control file that a step or a formula names.</summary>
    public static string PathOf(string file) => file.StartsWith('/') ? file : Root + file;

    private static string Merge(ExperimentBench bench, StepArguments a, MergeFlags flags)
    {
        var (mapping, ksm) = (bench.Mapping(a[0], a[1]), bench.Machine.Ksm);
        var result = default(MergeResult);
        if (a.Has(2))
        {
            using var partition = ksm.Open(a[2], KsmOpenFlags.ReadWrite | KsmOpenFlags.Create | KsmOpenFlags.Synchronous);
            result = partition.Merge(mapping.Process, mapping.Address, mapping.Size, flags);
        }
        else
        {
            result = ksm.Merge(mapping.Process, mapping.Process, mapping.Address, mapping.Size, flags);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{result.Merged} merged, {result.Waiting} without an equal, {result.Pinned} pinned");
    }

    private static string? Join(ExperimentBench bench, StepArguments a)
    {
        var mapping = bench.Mapping(a[0], a[1]);
        using var partition = bench.Machine.Ksm.Open(a[2], KsmOpenFlags.ReadWrite | KsmOpenFlags.Create);
        _ = partition.Merge(mapping.Process, mapping.Address, mapping.Size);
        return null;
    }

    private static string Pass(ExperimentBench bench, StepArguments a)
    {
        var (ksm, count) = (bench.Machine.Ksm, a.Number(0, 1));
        for (var pass = 0L; pass < count; pass++)
        {
            bench.Report(new ExperimentProgress("pass", pass, count) { Unit = ExperimentProgress.Passes });
            foreach (var partition in Scanned(bench))
            {
                partition.Pass();
            }
        }

        var c = ksm.Counters;
        return string.Create(
            CultureInfo.InvariantCulture, $"pages_shared {c.PagesShared}, pages_sharing {c.PagesSharing}, pages_unshared {c.PagesUnshared}, pages_volatile {c.PagesVolatile}");
    }

    private static IEnumerable<MergePartition> Scanned(ExperimentBench bench) =>
        ((IEnumerable<MergePartition>)[bench.Machine.Ksm.Machine, .. bench.Machine.Ksm.Partitions]).Where(p => p.IsScanned);

    private static string? Settle(ExperimentBench bench, StepArguments a)
    {
        foreach (var partition in Scanned(bench))
        {
            bench.Report(new ExperimentProgress("settle", 0, 0) { Unit = ExperimentProgress.Passes });
            Scan.UntilSettled(partition);
        }

        return null;
    }

    private static string? Wake(ExperimentBench bench, StepArguments a)
    {
        if (bench.Machine.Ksm.NextWake is not { } moment)
        {
            throw new ReflinkException(Errno.EINVAL, "no scanner will wake: switch one on with 'control run 1', and give it memory with 'advise'");
        }

        bench.WaitUntil(moment);
        return null;
    }

    private static string? Tune(ExperimentBench bench, StepArguments a)
    {
        if (!s_options.TryGetValue(a[0], out var set) || a[1] is not ("0" or "1"))
        {
            throw new ReflinkException(Errno.EINVAL, $"'{a[0]} {a[1]}' is nothing to tune; set {string.Join(", ", s_options.Keys)} to 0 or 1");
        }

        set(bench.Machine.Ksm.Tunables, a[1] == "1");
        return null;
    }

    private static string? Control(ExperimentBench bench, StepArguments a)
    {
        var path = PathOf(a[0]);
        if (a.Has(1))
        {
            bench.Machine.Control[path] = a[1];
            return null;
        }

        var lines = bench.Machine.Control[path].Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        return string.Join(", ", lines);
    }
}
