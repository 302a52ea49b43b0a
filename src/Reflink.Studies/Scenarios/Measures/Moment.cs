using System.Globalization;
using Reflink.Studies.Experiments;

namespace Reflink.Studies.Scenarios.Measures;

/// <summary>A machine at one moment. What is asked for is counted once, however many metrics want it; it is right until the machine does something.</summary>
internal sealed class Moment(ExperimentBench bench)
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, long>> _files = [];
    private OwnerCensus? _census;
    private Ksm.Reporting.MergeExposure? _exposure;

    public Machine Machine => bench.Machine;

    /// <summary>Nanoseconds of simulated time since the machine was switched on.</summary>
    public long Time => bench.Machine.Clock.Now - bench.Began;

    /// <summary>Processes that steps started and that run.</summary>
    public int Processes => bench.Processes.Count;

    public OwnerCensus Census => _census ??= new OwnerCensus(bench);

    public Ksm.Reporting.MergeExposure Exposure => _exposure ??= bench.Machine.Ksm.Exposure();

    /// <summary>Counters of ksm, of requests, and of each partition.</summary>
    public IEnumerable<Ksm.Controls.KsmCounters> Counters =>
        ((IEnumerable<Ksm.Partitions.MergePartition>)[Machine.Ksm.Machine, Machine.Ksm.Requested, .. Machine.Ksm.Partitions]).Select(p => p.Counters);

    /// <summary>Frames of a kind.</summary>
    public long Frames(FrameKind kind) => Census.Runs.Where(run => run.Kind == kind).Sum(run => (long)run.Count);

    /// <summary>The number behind a name in a control file of such lines; null if the machine does not keep it.</summary>
    public long? Line(string path, string name)
    {
        if (!_files.TryGetValue(path, out var lines))
        {
            _files[path] = lines = Lines(Machine, path);
        }

        return lines.TryGetValue(name, out var value) ? value : null;
    }

    /// <summary>The number that a control file is; null if it is none.</summary>
    public long? File(string path) => Machine.Control.All.FirstOrDefault(file => file.Path == path)?.Read is { } read
        && long.TryParse(read(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>Names and numbers of a control file of lines such as <c>pgfault 12</c> or <c>Dirty: 8 kB</c>.</summary>
    public static IReadOnlyDictionary<string, long> Lines(Machine machine, string path) => machine.Control[path].Split('\n')
        .Select(line => line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words.Length > 1)
        .ToDictionary(words => words[0], words => long.Parse(words[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
}
