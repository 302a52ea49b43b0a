using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Scenarios.Measures;
using Reflink.Units;

namespace Reflink.Studies.Sweeps;

/// <summary>
/// A run's result as JSON: <c>parameters</c>, <c>seed</c>, <c>failure</c>, <c>expectations</c>, <c>values</c>, <c>rows</c> (of tables: a table's name and
/// cells by column), <c>notes</c>, <c>samples</c> (rows of time in nanoseconds, label, and the metrics) and <c>maps</c>. In a map <c>owners</c> are names, and a run of frames is
/// [first, last, kind, block, dirty, mappers, [[owner, page], ...]] with owners by their places in that list.
/// </summary>
public static class RunJson
{
    internal static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    private static readonly JsonSerializerOptions s_dense = new(Options) { WriteIndented = false };

    /// <summary>The result in one line, which ends with a line feed.</summary>
    public static string Of(RunResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var root = new JsonObject
        {
            ["parameters"] = new JsonObject(result.Plan.Parameters.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))),
            ["seed"] = result.Plan.Seed,
            ["failure"] = result.Failure,
            ["expectations"] = result.Expectations,
            ["values"] = new JsonObject(result.Values.Select(v => KeyValuePair.Create(v.Key, Value(v.Value)))),
            ["rows"] = new JsonArray([.. result.Rows.Select(row => (JsonNode?)new JsonArray(row.Table, new JsonObject(row.Cells.Select(c => KeyValuePair.Create(c.Key, Value(c.Value))))))]),
            ["notes"] = new JsonArray([.. result.Notes.Select(note => (JsonNode?)note)]),
            ["samples"] = new JsonArray([.. result.Samples.Select(row => (JsonNode?)new JsonArray([row.Time, row.Label, .. row.Values.Select(v => (JsonNode?)v)]))]),
            ["maps"] = new JsonArray([.. result.Maps.Select(map => (JsonNode?)Map(map))]),
        };
        return root.ToJsonString(s_dense) + "\n";
    }

    /// <summary>A value of a result: a number, a truth, a text, or nothing.</summary>
    internal static JsonNode? Value(object? value) => value switch
    {
        null => null,
        long whole => whole,
        double number => number,
        bool truth => truth,
        _ => value.ToString(),
    };

    /// <summary>Reads such a value back.</summary>
    internal static object? Cell(JsonNode? node) => node is not JsonValue value ? null
        : value.TryGetValue<long>(out var whole) ? whole
        : value.TryGetValue<bool>(out var truth) ? truth
        : value.TryGetValue<double>(out var number) ? number
        : value.GetValue<string>();

    /// <summary>Reads back whether a run failed, what it measured at its end and its rows and notes, but neither samples nor maps.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="text">The line that <see cref="Of"/> made.</param>
    /// <exception cref="ReflinkException">EIO: it is no such line, or it is the result of another run.</exception>
    public static RunResult Read(RunPlan plan, string text)
    {
        ArgumentNullException.ThrowIfNull(plan);
        try
        {
            var run = JsonNode.Parse(text)!.AsObject();
            var isOwn = run["seed"]!.GetValue<long>() == plan.Seed && run["parameters"]!.AsObject().Select(p => (p.Key, p.Value!.GetValue<string>())).SequenceEqual(plan.Parameters.Select(p => (p.Key, p.Value)));
            return isOwn ? Rows(plan, run) with { Values = run["values"]!.AsObject().ToDictionary(value => value.Key, value => Cell(value.Value), StringComparer.Ordinal) }
                : throw new ReflinkException(Errno.EIO, $"the result is of another run than {plan}; every silo must run this version of the program");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new ReflinkException(Errno.EIO, $"the result of run {plan} is damaged ({e.Message.TrimEnd('.')})", e);
        }
    }

    /// <summary>Reads the rows and notes of a run back.</summary>
    internal static RunResult Rows(RunPlan plan, JsonObject run) => new(plan, run["failure"]?.GetValue<string>(), new Dictionary<string, object?>(), [], [], 0)
    {
        Rows = [.. (run["rows"] as JsonArray ?? []).Select(row => new ResultRow(row![0]!.GetValue<string>(), row[1]!.AsObject().ToDictionary(cell => cell.Key, cell => Cell(cell.Value), StringComparer.Ordinal)))],
        Notes = [.. (run["notes"] as JsonArray ?? []).Select(note => note!.GetValue<string>())],
    };

    private static JsonObject Map(PageMap map)
    {
        var names = map.Files.Select(f => f.Name).ToList();
        var places = names.Index().ToDictionary(n => n.Item, n => n.Index, StringComparer.Ordinal);
        return new JsonObject
        {
            ["label"] = map.Label,
            ["time"] = map.Time,
            ["frames"] = map.MemoryFrames,
            ["owners"] = new JsonArray([.. map.Files.Select(f => (JsonNode?)new JsonObject { ["name"] = f.Name, ["size"] = f.Size, ["blocks"] = f.Blocks, ["cached"] = f.Cached, ["shared"] = f.Shared })]),
            ["runs"] = new JsonArray([.. map.Runs.Select(run => (JsonNode?)Run(run, places))]),
        };
    }

    private static JsonArray Run(FrameRun run, Dictionary<string, int> places) =>
    [
        run.First, run.Last, run.Kind.ToString().ToLowerInvariant(), run.Block, run.IsDirty, run.Mappers,
        new JsonArray([.. run.Owners.Select(owner => (JsonNode?)new JsonArray(places[owner.Name], owner.Page))]),
    ];
}
