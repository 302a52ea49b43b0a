using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reflink.Machines;
using Reflink.Studies;
using Reflink.Studies.Experiments;
using Reflink.Units;

namespace Reflink.Cli.Caching;

/// <summary>What steps did and left, for people in the tables of snapshots, and for programs as JSON.</summary>
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

    public static string Text(IReadOnlyList<ExperimentResult> results, bool snapshots)
    {
        var text = new StringBuilder();
        Append(text, Steps(results));
        foreach (var result in results)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nkeyed by {KeyingNames.Of(result.Keying)}\n");
            Append(text, Files(result));
            Append(text, Frames(result));
            text.Append(Summary(result));
        }

        foreach (var other in results.Skip(1))
        {
            text.Append(Difference(results[0], other));
        }

        foreach (var result in snapshots ? results : [])
        {
            text.Append(CultureInfo.InvariantCulture, $"\nkeyed by {KeyingNames.Of(result.Keying)}: {result.Snapshot}");
        }

        return text.ToString();
    }

    // Figures of one kind stand side by side.
    private static SnapshotTable Steps(IReadOnlyList<ExperimentResult> results)
    {
        (string Name, Func<StepFigures, long> Of)[] kinds =
        [
            ("frames", s => s.Frames), ("dirty", s => s.Dirty), ("reads", s => s.StoreReads), ("writes", s => s.StoreWrites), ("evicted", s => s.Evicted),
        ];
        var names = kinds.SelectMany(kind => results.Select(r => results.Count == 1 ? kind.Name : $"{kind.Name}_{KeyingNames.Of(r.Keying)}"));
        var rows = results[0].Steps.Select((step, i) => (IReadOnlyList<object?>)
        [
            step.Step, .. kinds.SelectMany(kind => results.Select(r => (object?)kind.Of(r.Steps[i]))),
            string.Join(" / ", results.Select(r => r.Steps[i].Outcome).Distinct()),
        ]);
        return new SnapshotTable("", ["step", .. names, ""], [.. rows]);
    }

    private static SnapshotTable Files(ExperimentResult result) => new(
        "files", ["file", "size", "blocks", "cached", "shared", "with"],
        [.. result.Files.Select(f => (IReadOnlyList<object?>)[f.Name, f.Size, f.Blocks, f.Cached, f.Shared, With(f)])]);

    private static SnapshotTable Frames(ExperimentResult result) => new(
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

    private static string Summary(ExperimentResult result) =>
        $"{Number(result.FramesInUse)} of {Counted.Of(result.MemoryFrames, "frame")} {(result.FramesInUse == 1 ? "holds" : "hold")} {Counted.Of(result.CachedPages, "page")} of files and processes: "
        + $"sharing saves {Counted.Of(result.SharedBytes, "byte")}\n"
        + $"at most {Counted.Of(result.PeakFrames, "frame")}; {Counted.Of(result.StoreReads, "page")} read from the store, {Number(result.StoreWrites)} written, {Number(result.Evicted)} evicted\n";

    private static string Difference(ExperimentResult one, ExperimentResult other)
    {
        var frames = other.FramesInUse - one.FramesInUse;
        return $"\nkeyed by {KeyingNames.Of(other.Keying)}, against {KeyingNames.Of(one.Keying)}: {Signed(frames)} frames ({Signed(frames * Page.Size)} bytes) in use, "
            + $"{Signed(other.StoreReads - one.StoreReads)} pages read, {Signed(other.StoreWrites - one.StoreWrites)} written\n";
    }

    private static void Append(StringBuilder text, SnapshotTable table)
    {
        text.Append(table.Name.Length > 0 && table.Rows.Count > 0 ? $"{table.Name}\n" : "");
        foreach (var line in table.Rows.Count > 0 ? table.Lines() : [])
        {
            text.Append(table.Name.Length > 0 ? "  " : "").Append(line).Append('\n');
        }
    }

    private static string Signed(long number) => number.ToString("+#,0;-#,0;0", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString("n0", CultureInfo.InvariantCulture);
}
