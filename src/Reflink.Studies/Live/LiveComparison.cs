using System.IO.Hashing;
using Reflink.Studies.Comparison;

namespace Reflink.Studies.Live;

/// <summary>
/// Puts real processes through what a comparison puts the model through: they map a copy of the binary, patch it by one mechanism, and load all of it.
/// Whatever ends this program, the processes end, the kernel's settings are put back, and the files are deleted.
/// </summary>
/// <example><code>
/// var figures = new Reflink.Studies.Live.LiveComparison(new Reflink.Studies.Comparison.ComparisonPlan(elf, patches)).Run("private");
/// </code></example>
public sealed class LiveComparison
{
    private readonly ComparisonPlan _plan;

    /// <summary>What is to be done. Users play no part: all processes are this program's user's.</summary>
    public LiveComparison(ComparisonPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
    }

    /// <summary>Tries one mechanism.</summary>
    /// <param name="mechanism">Its name; <see cref="LiveHost.Refuses"/> says which can be tried.</param>
    /// <param name="progress">Told how many processes have done their part.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="ReflinkException">EOPNOTSUPP: it cannot be tried here. EIO: a process loaded other bytes than a flat copy has. EIO also: ksmd did not come to an end.</exception>
    /// <exception cref="IOException">The kernel refused a call, or a process ended.</exception>
    public LiveFigures Run(string mechanism, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        if (LiveHost.Refuses(mechanism) is { } reason)
        {
            throw new ReflinkException(Units.Errno.EOPNOTSUPP, $"{mechanism} {reason}");
        }

        // The keeper knows of the folder before it is there, so that it is deleted at whatever moment this program ends.
        using var keeper = LiveProcess.Start();
        var folder = Path.Combine(Path.GetTempPath(), $"reflink-live-{Environment.ProcessId}-{Path.GetRandomFileName()}");
        keeper.DeleteAtEnd(folder);
        Directory.CreateDirectory(folder);
        var files = new LiveFiles(_plan, folder, mechanism);
        var processes = new List<(LiveProcess Process, PatchProfile Profile, IReadOnlyList<LiveRegion> Regions)>();
        try
        {
            foreach (var process in Start(processes.Add))
            {
                cancel.ThrowIfCancellationRequested();
                process();
                progress?.Report(processes.Count);
            }

            return Measure(mechanism, files, keeper, processes, cancel);
        }
        finally
        {
            processes.ForEach(p => p.Process.Dispose());
        }

        IEnumerable<Action> Start(Action<(LiveProcess, PatchProfile, IReadOnlyList<LiveRegion>)> add) => Enumerable.Range(0, _plan.Processes).Select(i => (Action)(() =>
        {
            var process = LiveProcess.Start();
            add((process, _plan.ProfileOf(i), []));
            processes[^1] = processes[^1] with { Regions = files.Map(process, _plan.ProfileOf(i)) };
            foreach (var region in processes[^1].Regions)
            {
                process.Touch(region.Address, region.Bytes.Length);
            }
        }));
    }

    private LiveFigures Measure(
        string mechanism, LiveFiles files, LiveProcess keeper, List<(LiveProcess Process, PatchProfile Profile, IReadOnlyList<LiveRegion> Regions)> processes, CancellationToken cancel)
    {
        var compared = Compare(mechanism, processes, changed: false);
        processes.ForEach(p => p.Process.Spent());
        foreach (var (process, profile, regions) in processes)
        {
            cancel.ThrowIfCancellationRequested();
            files.Apply(process, profile, regions);
        }

        var daemon = mechanism == "private+ksm" ? LiveMerging.Settle(keeper, cancel) : default(long?);
        foreach (var (process, _, regions) in processes)
        {
            foreach (var region in regions)
            {
                process.Touch(region.Address, region.Bytes.Length);
            }
        }

        var (memory, spent) = (processes.ConvertAll(p => p.Process.Memory()), processes.ConvertAll(p => p.Process.Spent()));
        compared += Compare(mechanism, processes, changed: true);
        return new LiveFigures
        {
            Name = mechanism, PssKiB = memory.Sum(m => m.Pss), RssKiB = memory.Sum(m => m.Rss), PrivateDirtyKiB = memory.Sum(m => m.PrivateDirty),
            MappingsPerProcess = memory.Max(m => m.Mappings), Faults = spent.Sum(s => s.Faults), CallerNs = spent.Sum(s => s.Nanoseconds), DaemonNs = daemon, ComparedBytes = compared,
        };
    }

    private static long Compare(string mechanism, List<(LiveProcess Process, PatchProfile Profile, IReadOnlyList<LiveRegion> Regions)> processes, bool changed)
    {
        var expected = new Dictionary<FlatCopy, ulong>();
        foreach (var (number, region, process) in processes.Index().SelectMany(p => p.Item.Regions.Select(region => (p.Index, region, p.Item.Process))))
        {
            if (!expected.TryGetValue(region.Bytes, out var hash))
            {
                var bytes = new byte[region.Bytes.Length];
                region.Bytes.Show(0, bytes, changed);
                expected[region.Bytes] = hash = XxHash3.HashToUInt64(bytes);
            }

            if (process.Digest(region.Address, region.Bytes.Length) != hash)
            {
                throw new ReflinkException(Units.Errno.EIO, $"{mechanism}: process {number} of the running kernel does not show the bytes that a flat copy has {(changed ? "after" : "before")} patching");
            }
        }

        return processes.Sum(p => p.Regions.Sum(region => region.Bytes.Length));
    }
}
