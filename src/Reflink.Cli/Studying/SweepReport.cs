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
        var isRepeated = table.Scenario.Seeds.Count > 1;
        var others = folder.CountOthers(table.Scenario);
        var report = new Report()
            .Line($"{table.Scenario.Name}: {summary.Total} runs", $"{summary.New} of them new", $"{summary.Failures.Count} failed")
            .Note(!isRepeated ? "" : table.Scenario.Seeds.Count < Spread.LeastForInterval
                ? $"medians over the seeds, and in brackets the least and the most; {Spread.LeastForInterval} seeds say how sure that is"
                : "medians over the seeds, and in brackets where they lie with 95 % confidence")
            .Blank();
        return (table.Scenario.Tables.Count > 0 ? report.Tables(RunTables.Of(table.Scenario, folder)) : Results(report, summary))
            .Note(Differences(table))
            .Note(others > 0 ? $"{others} further results in runs/, of other values or versions, are in no table; the command with those values shows them" : "")
            .Blank()
            .Note($"results: {folder.Path}/report.html, figures/, {(table.Scenario.Tables.Count > 0 ? "tables/, " : "")}results.csv (.jsonl, .parquet), summary.csv, differences.csv, and a file for each run in runs/");
    }

    // A study whose steps make tables of their own shows these instead.
    private static Report Results(Report report, SweepSummary summary)
    {
        var table = summary.Table;
        var isRepeated = table.Scenario.Seeds.Count > 1;
        var shown = isRepeated ? Statistics.Medians(table) : summary.Failures.Count > 0 ? table.WithFailures("") : table.Table("");
        return report
            .Table(new ReportTable("", [.. shown.Columns.Select((name, i) => new Column(name, i < table.KeyCount ? 0 : Importance(table, name)))], [.. shown.Rows.Take(MostRows)]))
            .Note(shown.Rows.Count > MostRows ? $"the first {MostRows} of {shown.Rows.Count} rows; all are in {(isRepeated ? "summary.csv" : "results.csv")}" : "");
    }

    private static string Differences(ResultTable table)
    {
        var differences = Statistics.Differences(table).Rows;
        var noise = differences.Count(row => row[^1] is Statistics.Noise);
        return differences.Count == 0 ? "" : $"differences.csv compares values of parameters, paired by seed: {differences.Count - noise} differences are more than noise, {noise} are not";
    }

    // What the author records matters most, in the author's order; then what is measured.
    private static int Importance(ResultTable table, string column) =>
        1 + table.Scenario.Recorded.Concat(table.Scenario.Metrics).TakeWhile(name => name != column).Count();

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
            ["rows"] = new JsonArray([.. table.JsonRows()]),
        };
        foreach (var (name, value) in table.Scenario.Tables.Count > 0 ? RunTables.Of(table.Scenario, folder).Json() : [])
        {
            root[name] = value?.DeepClone();
        }

        return root.ToJsonString(JsonFormat.Options) + "\n";
    }
}
