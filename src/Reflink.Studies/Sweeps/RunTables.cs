using System.Text.Json.Nodes;
using Reflink.Machines;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Scenarios.Measures;

namespace Reflink.Studies.Sweeps;

/// <summary>The tables that the runs of a study added rows to, and the notes that stand below them.</summary>
/// <param name="Tables">The tables, in the order of the file; each has the rows of all runs, in the order of the grid.</param>
/// <param name="Notes">How to read them.</param>
public sealed record RunTables(IReadOnlyList<(SnapshotTable Table, IReadOnlyList<string> Details)> Tables, IReadOnlyList<string> Notes)
{
    /// <summary>Puts the rows of runs together. Parameters with several values that a table does not show get a column in front.</summary>
    /// <param name="scenario">The study.</param>
    /// <param name="results">What its runs found, in the order of the grid.</param>
    public static RunTables Of(Scenario scenario, IReadOnlyList<RunResult> results)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(results);
        return new RunTables(
            [.. scenario.Tables.Select(table => (Of(scenario, table, results), table.Details))],
            [.. scenario.Notes.Select(scenario.Text).Concat(results.SelectMany(result => result.Notes)).Distinct()]);
    }

    /// <summary>The same from a folder with results.</summary>
    public static RunTables Of(Scenario scenario, StudyFolder folder)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(folder);
        return Of(scenario, [.. scenario.Plan().Where(folder.Has).Select(plan => RunJson.Rows(plan, folder.Read(plan)))]);
    }

    /// <summary>As JSON: <c>tables</c>, each with a title and an object for each row, and <c>notes</c>.</summary>
    public JsonObject Json() => new()
    {
        ["tables"] = new JsonArray([.. Tables.Select(t => (JsonNode?)new JsonObject
        {
            ["title"] = t.Table.Name,
            ["rows"] = new JsonArray([.. t.Table.Rows.Select(row => (JsonNode?)new JsonObject(t.Table.Columns.Zip(row, (column, cell) => KeyValuePair.Create(column, RunJson.Value(cell)))))]),
        })]),
        ["notes"] = new JsonArray([.. Notes.Select(note => (JsonNode?)note)]),
    };

    private static SnapshotTable Of(Scenario scenario, ScenarioTable table, IReadOnlyList<RunResult> results)
    {
        var keys = scenario.Parameters.Where(p => p.Texts.Count > 1 && !table.Columns.Contains(p.Name)).Select(p => p.Name).ToList();
        var isRepeated = scenario.Seeds.Count > 1 && !table.Columns.Contains("seed");
        var rows = results.SelectMany(result => result.Rows.Where(row => row.Table == table.Name).Select(row => (IReadOnlyList<object?>)
        [
            .. result.Plan.Parameters.Where(p => keys.Contains(p.Key)).Select(p => (object?)ScenarioParameter.ValueOf(p.Value)), .. isRepeated ? [result.Plan.Seed] : (object?[])[],
            .. table.Columns.Select(column => Cell(row.Cells.GetValueOrDefault(column))),
        ]));
        return new SnapshotTable(table.Title is { } title ? scenario.Text(title) : table.Name, [.. keys, .. isRepeated ? ["seed"] : (string[])[], .. table.Columns], [.. rows]);
    }

    private static object? Cell(object? value) => value is bool truth ? truth ? "yes" : "no" : value;
}
