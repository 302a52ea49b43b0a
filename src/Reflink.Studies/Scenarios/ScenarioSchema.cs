using System.Text.Json.Nodes;
using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios.Actions;
using Reflink.Studies.Scenarios.Measures;

namespace Reflink.Studies.Scenarios;

/// <summary>The JSON Schema of scenarios, with which editors complete and check them: made from what the program itself reads.</summary>
/// <example><code>
/// File.WriteAllText("study.schema.json", ScenarioSchema.Text());
/// // First line of a scenario: # yaml-language-server: $schema=study.schema.json
/// </code></example>
public static class ScenarioSchema
{
    /// <summary>The schema (draft 2020-12).</summary>
    public static string Text() => new JsonObject
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = "A study for reflink study run",
        ["type"] = "object",
        ["required"] = Array("study", "steps"),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(ScenarioReader.Keys.Select(key => KeyValuePair.Create(key.Key, (JsonNode?)Described(key.Does, OfKey(key.Key))))),
        ["$defs"] = new JsonObject
        {
            ["value"] = Types("string", "number", "boolean"),
            ["formula"] = Types("string", "number", "boolean"),
            ["range"] = Range(),
            ["steps"] = new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "array", ["items"] = Ref("step") }, Ref("step")) },
            ["step"] = Step(),
        },
    }.ToJsonString(new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" }) + "\n";

    private static JsonObject OfKey(string key) => key switch
    {
        "parameters" => Map(new JsonObject { ["anyOf"] = new JsonArray(Ref("value"), ListOf(Ref("value")), Ref("range"), Bounded()) }),
        "tables" => Map(Keyed(("title", Types("string")), ("details", ListOf(Types("string"))))),
        "notes" => ListOf(Ref("value")),
        "seeds" => new JsonObject { ["anyOf"] = new JsonArray(Types("integer"), ListOf(Types("integer"))) },
        "machine" => new JsonObject
        {
            ["type"] = "object", ["additionalProperties"] = false,
            ["properties"] = new JsonObject(MachineSetting.All.Select(s => KeyValuePair.Create(s.Name, (JsonNode?)Described(s.Does, Ref("value"))))),
        },
        "measure" => new JsonObject { ["anyOf"] = new JsonArray(Metrics(), Keyed(("of", Metrics()), ("every", Types("string")))) },
        "steps" => Ref("steps"),
        "charts" => ListOf(Keyed(("title", Types("string")), ("kind", Words(Enum.GetNames<ChartKind>().Select(k => k.ToLowerInvariant()))), ("x", Types("string")), ("y", OneOrMore()), ("by", Types("string")))),
        _ => Types("string"),
    };

    private static JsonObject Step()
    {
        var properties = new JsonObject();
        foreach (var form in StepCatalog.Forms)
        {
            properties[form.Name] = Described($"{form.Does}: {form.Usage}", Keyed([.. form.Keys.Select(key => (key, Ref("value")))]));
        }

        foreach (var (name, does, schema) in Blocks())
        {
            properties[name] = Described(does, schema);
        }

        return new JsonObject
        {
            ["anyOf"] = new JsonArray(Types("string"), new JsonObject { ["type"] = "object", ["minProperties"] = 1, ["additionalProperties"] = false, ["properties"] = properties }),
        };
    }

    private static IEnumerable<(string Name, string Does, JsonObject Schema)> Blocks() =>
    [
        ("for", $"a name and the values that it has in turn: a list, a range, or {string.Join(" or ", LoopValues.Collections.Keys)}", Map(new JsonObject { ["anyOf"] = new JsonArray(Words(LoopValues.Collections.Keys), ListOf(Ref("value")), Ref("range")) })),
        ("repeat", "how often 'do' is done", Ref("formula")),
        ("while", "'do' is done as long as this holds", Ref("formula")),
        ("try", "these are done until one fails, which does not fail the run", Ref("steps")),
        ("failed", "the name that gets the error behind 'try', such as ENOMEM; an empty text if none failed", Types("string")),
        ("row", "adds a row to a table of the results: the table's name, and its columns with formulas", Map(Map(Ref("formula")))),
        ("note", "adds a line to those that stand below the tables", Ref("value")),
        ("when", "'do' is done where this holds, 'else' where it does not", Ref("formula")),
        ("do", "what is done each time", Ref("steps")),
        ("else", "what is done where 'when' does not hold", Ref("steps")),
        ("compare", "patches a binary in many processes by one mechanism, as reflink compare does, and records what it cost", Keyed([.. CompareAction.Keys.Select(key => (key, Ref("value")))])),
        ("replay", "replays a trace on a machine like the scenario's, as reflink replay --machine does, and records how it went", Keyed([.. ReplayAction.Keys.Select(key => (key, Ref("value")))])),
        ("choose", "one of these is done, drawn by the seed", ListOf(new JsonObject { ["anyOf"] = new JsonArray(Ref("steps"), Ref("step"), Keyed(("weight", Types("integer")), ("do", Ref("steps")))) })),
        ("expect", "fails the run unless it holds", Ref("formula")),
        ("because", "why it is expected, for the message", Types("string")),
        ("let", "names with formulas, for formulas that follow", Map(Ref("formula"))),
        ("record", "names with formulas, for the results", Map(Ref("formula"))),
        ("sample", "takes a row of all that is measured, under this label", Ref("value")),
        ("snapshot", "keeps who has which frame, under this label", Ref("value")),
    ];

    private static JsonObject Metrics() => ListOf(new JsonObject { ["anyOf"] = new JsonArray(Words(MetricCatalog.All.Select(m => m.Name))) });

    private static JsonObject Range() => Keyed(("from", Ref("formula")), ("to", Ref("formula")), ("by", Ref("formula")), ("times", Ref("formula")));

    private static JsonObject Bounded() => Keyed(("value", Types("integer")), ("least", Types("integer")), ("most", Types("integer")), ("about", Types("string")));

    private static JsonObject OneOrMore() => new() { ["anyOf"] = new JsonArray(Types("string"), ListOf(Types("string"))) };

    private static JsonObject Keyed(params IReadOnlyList<(string Key, JsonObject Schema)> keys) => new()
    {
        ["type"] = "object", ["additionalProperties"] = false, ["properties"] = new JsonObject(keys.Select(k => KeyValuePair.Create(k.Key, (JsonNode?)k.Schema))),
    };

    private static JsonObject Map(JsonObject values) => new() { ["type"] = "object", ["additionalProperties"] = values };

    private static JsonObject ListOf(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject Words(IEnumerable<string> words) => new() { ["enum"] = Array([.. words]) };

    private static JsonObject Types(params string[] types) => new() { ["type"] = types.Length == 1 ? types[0] : Array(types) };

    private static JsonObject Ref(string name) => new() { ["$ref"] = $"#/$defs/{name}" };

    private static JsonArray Array(params string[] words) => [.. words.Select(word => (JsonNode?)word)];

    private static JsonObject Described(string does, JsonObject schema)
    {
        schema["description"] = does;
        return schema;
    }
}
