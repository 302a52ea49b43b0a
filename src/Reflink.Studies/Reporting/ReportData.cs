using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Sweeps;

namespace Reflink.Studies.Reporting;

/// <summary>
/// The JSON that a report's page carries: <c>study</c>, <c>about</c>, <c>version</c>, <c>source</c>, <c>parameters</c> (each with its
/// <c>values</c> as they were written, and their <c>meanings</c> in the files of results), <c>metrics</c>,
/// <c>kinds</c>, <c>columns</c>, <c>keys</c> (how many columns say which run), <c>rows</c>, <c>failures</c>, <c>tables</c> (those that steps add rows to, with their notes), <c>charts</c>, and
/// <c>runs</c>: for each row its samples and maps as <see cref="RunJson"/> has them, or null where the report would become too large.
/// </summary>
internal static class ReportData
{
    private const int MostMapBytes = 32 << 20;
    private const int MostSampleBytes = 8 << 20;
    private const int MostRows = 50_000;

    // Every '<' is escaped, so that no text of a study ends the script element or begins a comment in it.
    private static readonly JavaScriptEncoder s_encoder = JavaScriptEncoder.Create(UnicodeRanges.All);

    private static readonly JsonSerializerOptions s_options = new()
    {
        Encoder = s_encoder, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Json(StudyFolder folder, ResultTable table, IReadOnlyList<ChartData> charts)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = s_encoder }))
        {
            json.WriteStartObject();
            Head(json, table.Scenario);
            Table(json, table);
            json.WritePropertyName("tables");
            RunTables.Of(table.Scenario, folder).Json().WriteTo(json, s_options);
            json.WritePropertyName("charts");
            JsonSerializer.Serialize(json, charts, s_options);
            Runs(json, folder, table);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void Head(Utf8JsonWriter json, Scenario scenario)
    {
        json.WriteString("study", scenario.Name);
        json.WriteString("about", scenario.About);
        json.WriteString("version", typeof(ReportData).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
        json.WriteString("source", scenario.Source);
        json.WriteNumber("planned", scenario.RunCount);
        json.WriteStartArray("parameters");
        foreach (var parameter in scenario.Parameters.Append(new ScenarioParameter("seed", [.. scenario.Seeds.Select(seed => $"{seed}")])))
        {
            json.WriteStartObject();
            json.WriteString("name", parameter.Name);
            List(json, "values", parameter.Texts);
            json.WritePropertyName("meanings");
            JsonSerializer.Serialize(json, parameter.Texts.Select(ScenarioParameter.ValueOf), s_options);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        List(json, "metrics", scenario.Metrics);
        List(json, "kinds", Enum.GetNames<FrameKind>().Select(kind => kind.ToLowerInvariant()));
    }

    private static void Table(Utf8JsonWriter json, ResultTable table)
    {
        var whole = table.WithFailures("");
        List(json, "columns", whole.Columns);
        json.WriteNumber("keys", table.KeyCount);
        json.WriteNumber("done", table.Rows.Count);
        json.WriteStartArray("rows");
        foreach (var row in whole.Rows.Take(MostRows))
        {
            JsonSerializer.Serialize(json, row, s_options);
        }

        json.WriteEndArray();
        json.WriteStartArray("failures");
        foreach (var (run, failure) in table.Failures.Take(MostRows))
        {
            json.WriteStartArray();
            json.WriteStringValue(run);
            json.WriteStringValue(failure);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void Runs(Utf8JsonWriter json, StudyFolder folder, ResultTable table)
    {
        var (maps, samples) = (new Budget(MostMapBytes), new Budget(MostSampleBytes));
        json.WriteStartArray("runs");
        foreach (var plan in table.Scenario.Plan().Where(folder.Has).Take(MostRows))
        {
            var run = folder.Read(plan);
            json.WriteStartObject();
            samples.Write(json, "samples", run["samples"]);
            maps.Write(json, "maps", run["maps"]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void List(Utf8JsonWriter json, string name, IEnumerable<string> words)
    {
        json.WriteStartArray(name);
        foreach (var word in words)
        {
            json.WriteStringValue(word);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes while there is room: what comes first is kept, so that it does not depend on what came later.</summary>
    private sealed class Budget(long left)
    {
        public void Write(Utf8JsonWriter json, string name, JsonNode? node)
        {
            var text = node?.ToJsonString(s_options) ?? "[]";
            left = text.Length <= left ? left - text.Length : -1;
            json.WritePropertyName(name);
            json.WriteRawValue(left >= 0 ? text : "null", skipInputValidation: true);
        }
    }
}
