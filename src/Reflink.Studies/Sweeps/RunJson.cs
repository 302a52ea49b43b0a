using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Scenarios.Measures;

namespace Reflink.Studies.Sweeps;

/// <summary>
/// A run's result as JSON: <c>parameters</c>, <c>seed</c>, <c>failure</c>, <c>expectations</c>, <c>values</c>, <c>samples</c> (rows of time
/// in nanoseconds, label, and the metrics) and <c>maps</c>. In a map <c>owners</c> are names, and a run of frames is
/// [first, last, kind, block, dirty, mappers, [[owner, page], ...]] with owners by their places in that list.
/// </summary>
internal static class RunJson
{
    public static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    private static readonly JsonSerializerOptions s_dense = new(Options) { WriteIndented = false };

    public static string Of(RunResult result)
    {
        var root = new JsonObject
        {
            ["parameters"] = new JsonObject(result.Plan.Parameters.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))),
            ["seed"] = result.Plan.Seed,
            ["failure"] = result.Failure,
            ["expectations"] = result.Expectations,
            ["values"] = new JsonObject(result.Values.Select(v => KeyValuePair.Create(v.Key, Value(v.Value)))),
            ["samples"] = new JsonArray([.. result.Samples.Select(row => (JsonNode?)new JsonArray([row.Time, row.Label, .. row.Values.Select(v => (JsonNode?)v)]))]),
            ["maps"] = new JsonArray([.. result.Maps.Select(map => (JsonNode?)Map(map))]),
        };
        return root.ToJsonString(s_dense) + "\n";
    }

    /// <summary>A value of a result: a number, a truth, a text, or nothing.</summary>
    public static JsonNode? Value(object? value) => value switch
    {
        null => null,
        long whole => whole,
        double number => number,
        bool truth => truth,
        _ => value.ToString(),
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
