using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Reflink.Testing;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>Records what the running kernel's reclaim does with traces, access by access, until runs agree with each other.</summary>
internal sealed class Recorder(RecorderOptions options, string? accessedBits) : IDisposable
{
    private const string PageCluster = "/proc/sys/vm/page-cluster";
    private const string FaultAround = "/sys/kernel/debug/fault_around_bytes";

    private readonly Undo _undo = new();

    /// <summary>Whether a signal has ended the work.</summary>
    public bool Stopped => _undo.Stopped;

    /// <summary>Records a suite: its traces, recordings, and what there is to know of them. Returns what it wrote of each trace.</summary>
    public SuiteSheet Record(LiveSuite suite)
    {
        var traces = options.TracesFor(suite).ToList();
        var bytes = (long)traces.Max(t => t.Footprint) << Page.Shift;
        var mark = _undo.Mark();
        try
        {
            var home = _undo.Do("a temporary folder", () => new ScratchFolder("reclaim"), folder => folder.Dispose());
            MemoryGroup.Setting(_undo, PageCluster, "0");
            var (file, filesystem) = ("", (string?)null);
            if (suite.HasFile)
            {
                (file, filesystem) = BlockDevice.MakeFile(_undo, home, options.Devices, bytes);
            }

            string? swap = null;
            if (suite.Swaps)
            {
                // The kernel takes slots from pages that it has read back when half of all swap is in use: here it never is.
                var device = BlockDevice.MakeSwap(_undo, home, options.Devices, (2 * bytes) + (64L << 20));
                swap = options.Devices == DeviceKind.File ? device : null;
            }

            var sheet = Sheet(suite, filesystem, [.. traces.Select(trace => Record(suite, trace, home, file, swap))]);
            sheet.Write(Path.Combine(options.Folder, $"{suite.Name}.json"));
            return sheet;
        }
        finally
        {
            _undo.Back(mark);
        }
    }

    /// <summary>Puts back what is not yet put back.</summary>
    public void Dispose() => _undo.Dispose();

    private TraceSheet Record(LiveSuite suite, PageTrace trace, ScratchFolder home, string file, string? swap)
    {
        var kinds = suite.Kinds(trace, options.Seed);
        var runs = new List<LiveRun>();
        var regime = new Regime([], Regime.Strict);
        while (runs.Count < options.Runs && regime.Members.Count < Regime.Wanted)
        {
            var run = LiveRun.Play(_undo, home, suite, trace, kinds, file, swap);
            runs.Add(run);
            regime = Regime.Largest([.. runs.Select(r => r.Outcomes)], Regime.Strict);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {suite.Name} {trace.Name}: run {runs.Count} missed {Missed(run):F3} % in {run.Took.TotalSeconds:F1} s; {regime.Members.Count} agree"));
        }

        if (regime.Members.Count < Math.Min(Regime.Wanted, options.Runs))
        {
            regime = Regime.Largest([.. runs.Select(r => r.Outcomes)], Regime.Loose);
        }

        // Where no two runs agree, none stands for the others: how far they lie apart is what there is to know.
        if (regime.Members.Count == 1)
        {
            regime = new Regime([.. Enumerable.Range(0, runs.Count)], runs.Count == 1 ? Regime.Strict : 0);
        }

        var kept = regime.Members.Select(n => runs[n]).ToList();
        var others = runs.Where((_, n) => !regime.Members.Contains(n)).ToList();
        Write(suite, trace, kinds, kept);
        return new TraceSheet
        {
            Trace = trace.Name,
            Pages = trace.Footprint,
            BasePages = kept.Max(r => r.BaseBytes) >> Page.Shift,
            Runs = runs.Count,
            Kept = kept.Count,
            Asked = 100 * regime.Share,
            Agreement = 100 * kept.SelectMany((a, n) => kept.Take(n).Select(b => Regime.Agreement(a.Outcomes, b.Outcomes))).DefaultIfEmpty(1).Min(),
            KeptMissed = kept.Average(Missed),
            OtherMissed = [.. others.Select(Missed)],
            Others = [.. others.Select(r => (int)Math.Round((1 - Regime.Agreement(r.Outcomes, kept[0].Outcomes)) * r.Outcomes.Length))],
            Milliseconds = [.. runs.Select(r => Math.Round(r.Took.TotalMilliseconds))],
        };
    }

    private void Write(LiveSuite suite, PageTrace trace, TouchKind[] kinds, IReadOnlyList<LiveRun> kept)
    {
        string Of(string name) => Path.Combine(options.Folder, name);
        PackedFile.Write(Of($"{trace.Name}{RecorderOptions.TraceEnding}.gz"), MemoryMarshal.AsBytes(trace.Pages.AsSpan()));
        PackedFile.Write(Of($"kinds.{suite.Name}.{trace.Name}.gz"), MemoryMarshal.AsBytes(kinds.AsSpan()));
        foreach (var stale in Directory.EnumerateFiles(options.Folder, $"*.{suite.Name}.{trace.Name}.*.gz"))
        {
            File.Delete(stale);
        }

        for (var n = 0; n < kept.Count; n++)
        {
            var number = (n + 1).ToString(CultureInfo.InvariantCulture);
            PackedFile.Write(Of($"cls.{suite.Name}.{trace.Name}.{number}.gz"), kept[n].Outcomes);
            if (options.KeepsCounters)
            {
                PackedFile.Write(Of($"stat.{suite.Name}.{trace.Name}.{number}.gz"), Encoding.ASCII.GetBytes(string.Join('\n', kept[n].Samples)));
            }
        }
    }

    private SuiteSheet Sheet(LiveSuite suite, string? filesystem, IReadOnlyList<TraceSheet> traces) => new()
    {
        Suite = suite.Name,
        Kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        Cgroup = MemoryGroup.Root()!.Value.Version,
        Limit = (long)suite.Megabytes << 20,
        Swappiness = suite.Swappiness,
        FlushInterval = WorkerPlan.FlushInterval,
        PageCluster = int.Parse(File.ReadAllText(PageCluster), CultureInfo.InvariantCulture),
        FaultAroundBytes = File.Exists(FaultAround) ? int.Parse(File.ReadAllText(FaultAround), CultureInfo.InvariantCulture) : null,
        Filesystem = filesystem,
        Devices = options.Devices,
        Processors = Environment.ProcessorCount,
        Seed = options.Seed,
        AccessedBits = accessedBits,
        Traces = traces,
    };

    private static double Missed(LiveRun run) => 100.0 * run.Outcomes.Count(o => o != (byte)Outcome.Present) / run.Outcomes.Length;
}
