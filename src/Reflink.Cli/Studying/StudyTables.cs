using System.Text.Json.Nodes;
using Reflink.Machines;

namespace Reflink.Cli.Studying;

/// <summary>Tables about studies as JSON.</summary>
internal static class StudyTables
{
    /// <summary>An object for each row, in a list of that name.</summary>
    public static string Json(string name, SnapshotTable table) => new JsonObject
    {
        [name] = new JsonArray([.. table.Rows.Select(row => (JsonNode?)new JsonObject(table.Columns.Zip(row, (column, cell) =>
            KeyValuePair.Create(column, cell is long number ? (JsonNode?)number : cell?.ToString()))))]),
    }.ToJsonString(JsonFormat.Options) + "\n";
}
