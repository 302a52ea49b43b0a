using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reflink.Cli.Reporting;
using Reflink.Studies;
using Reflink.Studies.Experiments;

namespace Reflink.Cli.Caching;

/// <summary>What steps did and left, for people in tables, and for programs as JSON and CSV.</summary>
internal static class CacheReport
{
    /// <summary>One member a machine, named by its keying.</summary>
    public static string Json(IReadOnlyList<ExperimentResult> results, bool snapshots)
    {
        var root = new JsonObject();
        foreach (var result in results)
        {
            var machine = JsonSerializer.SerializeToNode(result, JsonFormat.Options)!;
            if (snapshots)
            {
                machine["snapshot"] = JsonNode.Parse(result.Snapshot.ToJson());
            }

            root[KeyingNames.Of(result.Keying)] = machine;
        }

        return root.ToJsonString(JsonFormat.Options) + "\n";
    }

    /// <summary>The tables of steps, of files and of frames.</summary>
    public static string Csv(IReadOnlyList<ExperimentResult> results, bool snapshots) => Reporting.Csv.Of(
    [
        Reporting.Csv.Of(results.SelectMany(r => r.Steps, (r, s) => new { r.Keying, s.Step, s.Outcome, s.Frames, s.Dirty, s.StoreReads, s.StoreWrites, s.Evicted })),
        Reporting.Csv.Of(results.SelectMany(r => r.Files, (r, f) => new { r.Keying, f.Name, f.Size, f.Blocks, f.Cached, f.Shared, f.With })),
        Reporting.Csv.Of(results.SelectMany(r => r.Frames, (r, f) => new { r.Keying, f.First, f.Last, f.Block, f.IsDirty, f.Mappers, f.Owners })),
        .. snapshots ? results.SelectMany(r => r.Snapshot.Tables).Where(table => table.Rows.Count > 0).Select(Reporting.Csv.Of) : [],
    ]);

    /// <summary>What the steps did, as far as they got on every machine.</summary>
    public static Report Text(IReadOnlyList<MachineSteps> machines) => Lists(new Report().Table(Steps(machines)), machines);

    public static Report Text(IReadOnlyList<ExperimentResult> results, bool snapshots)
    {
        var report = Text([.. results.Select(result => new MachineSteps(result.Keying, result.Steps))]);
        foreach (var result in results)
        {
            report.Blank().Note($"keyed by {KeyingNames.Of(result.Keying)}").Table(Files(result)).Table(Frames(result)).Notes(Summary(result));
        }

        foreach (var other in results.Skip(1))
        {
            report.Blank().Note(Difference(results[0], other));
        }

        foreach (var result in snapshots ? results : [])
        {
            report.Blank().Note($"keyed by {KeyingNames.Of(result.Keying)}: the whole machine");
            foreach (var table in result.Snapshot.Tables.Where(table => table.Rows.Count > 0))
            {
                report.Blank().Table(ReportTable.Of(table));
            }
        }

        return report;
    }

    // What a control file with many lines says stands below the steps, a line each.
    private static Report Lists(Report report, IReadOnlyList<MachineSteps> machines)
    {
        foreach (var (machine, step) in machines.SelectMany(r => r.Steps.Where(s => IsList(s.Outcome)), (r, s) => (r, s)))
        {
            report.Blank().Note(machines.Count == 1 ? step.Step : $"{step.Step}, keyed by {KeyingNames.Of(machine.Keying)}").Notes(step.Outcome!.Split(", ").Select(line => $"  {line}"));
        }

        return report;
    }

    private static bool IsList(string? outcome) => outcome?.Split(", ").Length > 8;

    // Figures of one kind stand side by side.
    private static ReportTable Steps(IReadOnlyList<MachineSteps> machines)
    {
        (string Name, int Detail, Func<StepFigures, long> Of)[] kinds =
        [
            ("frames", 0, s => s.Frames), ("dirty", 1, s => s.Dirty), ("reads", 0, s => s.StoreReads), ("writes", 2, s => s.StoreWrites), ("evicted", 3, s => s.Evicted),
        ];
        var columns = kinds.SelectMany(kind => machines.Select(r => new Column(machines.Count == 1 ? kind.Name : $"{KeyingNames.Of(r.Keying)} {kind.Name}", kind.Detail)));
        var rows = machines[0].Steps.Take(machines.Min(machine => machine.Steps.Count)).Select((step, i) => (IReadOnlyList<object?>)
        [
            step.Step, .. kinds.SelectMany(kind => machines.Select(r => (object?)kind.Of(r.Steps[i]))),
            string.Join(" / ", machines.Select(r => IsList(r.Steps[i].Outcome) ? "below" : r.Steps[i].Outcome).Distinct()),
        ]);
        return new ReportTable("", ["step", .. columns, ""], [.. rows]);
    }

    private static ReportTable Files(ExperimentResult result) => new(
        "files", ["file", "size", "blocks", "cached", "shared", "with"],
        [.. result.Files.Select(f => (IReadOnlyList<object?>)[f.Name, f.Size, f.Blocks, f.Cached, f.Shared, With(f)])]);

    private static ReportTable Frames(ExperimentResult result) => new(
        "frames", ["frame", "block", "mapped", "state", "pages"],
        [.. result.Frames.Select(f => (IReadOnlyList<object?>)
        [
            f.Count == 1 ? $"{f.First}" : $"{f.First}-{f.Last}", Blocks(f), (long)f.Mappers, f.IsDirty ? "dirty" : "clean",
            string.Join(' ', f.Owners.Select(o => $"{o.Name}[{o.Page},{o.Page + f.Count})")),
        ])]);

    private static string? With(CachedFile file) => file.With.Count == 0 ? null
        : string.Join(", ", file.With.Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Key} {w.Value}")));

    private static string Blocks(FrameRun run) => run.Count == 1 ? run.Block
        : string.Create(CultureInfo.InvariantCulture, $"{run.Block}-{run.Block[0]}{long.Parse(run.Block.AsSpan(1), CultureInfo.InvariantCulture) + run.Count - 1}");

    private static string[] Summary(ExperimentResult result) =>
    [
        $"{Number(result.FramesInUse)} of {Counted.Of(result.MemoryFrames, "frame")} {(result.FramesInUse == 1 ? "holds" : "hold")} {Counted.Of(result.CachedPages, "page")} of files and processes: sharing saves {SizeText.Of(result.SharedBytes)}",
        $"at most {Counted.Of(result.PeakFrames, "frame")}; {Counted.Of(result.StoreReads, "page")} read from the store, {Number(result.StoreWrites)} written, {Number(result.Evicted)} evicted",
        .. result.Nanoseconds is { } time ? [string.Create(CultureInfo.InvariantCulture, $"{time / 1e6:n3} ms of simulated time")] : (string[])[],
        .. Chooser(result),
    ];

    // What is usual is not said.
    private static IEnumerable<string> Chooser(ExperimentResult result)
    {
        var usual = new MachineOptions();
        if (result.Policy != usual.Policy || result.References != usual.References)
        {
            yield return $"evicted by {result.Policy}, which {(result.References == ReferenceTracking.Exact ? "is told of each load and store" : "sees the accessed bits of mapped pages")}";
        }
    }

    private static string Difference(ExperimentResult one, ExperimentResult other)
    {
        var frames = other.FramesInUse - one.FramesInUse;
        return $"keyed by {KeyingNames.Of(other.Keying)}, against {KeyingNames.Of(one.Keying)}: {Signed(frames, "frame")} ({(frames > 0 ? "+" : "")}{SizeText.Of(frames * Page.Size)}) in use, "
            + $"{Signed(other.StoreReads - one.StoreReads, "page")} read, {Signed(other.StoreWrites - one.StoreWrites)} written";
    }

    private static string Signed(long number, string one) => $"{(number > 0 ? "+" : "")}{Counted.Of(number, one)}";

    private static string Signed(long number) => number.ToString("+#,0;-#,0;0", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString("n0", CultureInfo.InvariantCulture);
}
