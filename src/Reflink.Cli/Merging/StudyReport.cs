using System.Text.Json.Nodes;
using Reflink.Cli.Reporting;
using Reflink.Machines;
using Reflink.Studies.Merging;

namespace Reflink.Cli.Merging;

/// <summary>What an experiment found, for people as tables and for programs as JSON.</summary>
internal static class StudyReport
{
    public static Report Text(StudyResult result) => result.Tables
        .Aggregate(new Report(), (report, table) => report.Table(ReportTable.Of(table, result.Details)).Blank())
        .Notes(result.Notes);

    public static string Json(IMergingStudy study, StudyOptions options, StudyResult result)
    {
        var root = new JsonObject
        {
            ["study"] = study.Name,
            ["options"] = new JsonObject(options.Values.Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value))),
            ["tables"] = new JsonArray([.. result.Tables.Select(t => (JsonNode?)new JsonObject { ["title"] = t.Name, ["rows"] = Rows(t) })]),
            ["notes"] = new JsonArray([.. result.Notes.Select(n => (JsonNode?)n)]),
        };
        return root.ToJsonString(JsonFormat.Options) + "\n";
    }

    private static JsonArray Rows(SnapshotTable table) => new([.. table.Rows.Select(row => (JsonNode?)new JsonObject(
        table.Columns.Zip(row, (column, cell) => KeyValuePair.Create(column, cell is long number ? (JsonNode?)number : cell?.ToString()))))]);
}
