using System.Text.Json.Nodes;
using Reflink.Cli.Reporting;
using Reflink.Studies.Sweeps;

namespace Reflink.Cli.Studying;

/// <summary>What a sweep came to, for people and for programs.</summary>
internal static class SweepReport
{
    private const int MostRows = 40;

    public static Report Text(StudyFolder folder, SweepSummary summary)
    {
        var table = summary.Table;
        var shown = table.Rows.Take(MostRows).ToList();
        return new Report()
            .Line($"{table.Scenario.Name}: {summary.Total} runs", $"{summary.New} of them new", $"{summary.Failures.Count} failed")
            .Blank()
            .Table(new ReportTable("", [.. table.Columns.Select((name, i) => new Column(name, i < table.KeyCount ? 0 : table.Columns.Count - i))], shown))
            .Note(table.Rows.Count > MostRows ? $"the first {MostRows} of {table.Rows.Count} runs; all are in results.csv" : "")
            .Blank()
            .Note($"results: {folder.Path}/report.html, figures/, results.csv, results.jsonl, and a file for each run in runs/");
    }

    public static string Json(StudyFolder folder, SweepSummary summary)
    {
        var table = summary.Table;
        var root = new JsonObject
        {
            ["study"] = table.Scenario.Name,
            ["folder"] = folder.Path,
            ["runs"] = summary.Total,
            ["new"] = summary.New,
            ["failures"] = new JsonArray([.. summary.Failures.Select(f => (JsonNode?)new JsonObject { ["run"] = f.Run, ["failure"] = f.Failure })]),
            ["rows"] = new JsonArray([.. table.Rows.Select(row => (JsonNode?)new JsonObject(table.Columns.Zip(row, (c, v) => KeyValuePair.Create(c, Cell(v)))))]),
        };
        return root.ToJsonString(JsonFormat.Options) + "\n";
    }

    private static JsonNode? Cell(object? value) => value switch
    {
        null => null,
        long whole => whole,
        double number => number,
        bool truth => truth,
        _ => value.ToString(),
    };
}
