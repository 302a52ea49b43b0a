using System.Text;
using System.Text.Json.Nodes;
using Reflink.Machines;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Sweeps;

/// <summary>The results of a study as a table: a row for each run, in the order of the grid, with its parameters, its seed and what it found.</summary>
public sealed class ResultTable
{
    /// <summary>The last column of the files.</summary>
    private const string Failure = "failure";

    private readonly IReadOnlyList<string?> _failures;

    private ResultTable(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<object?>> rows, IReadOnlyList<string?> failures, IReadOnlyList<(string, string)> failed, Scenario scenario) =>
        (Columns, Rows, _failures, Failures, Scenario) = (columns, rows, failures, failed, scenario);

    /// <summary>The study.</summary>
    public Scenario Scenario { get; }

    /// <summary>Parameters, <c>seed</c>, then what was found.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Cells: parameters as they were written, a long, a double, a bool or a text; null for nothing.</summary>
    public IReadOnlyList<IReadOnlyList<object?>> Rows { get; }

    /// <summary>The rows of runs that did not fail.</summary>
    public IReadOnlyList<IReadOnlyList<object?>> Succeeded => [.. Rows.Where((_, i) => _failures[i] is null)];

    /// <summary>Runs that failed, and why.</summary>
    public IReadOnlyList<(string Run, string Failure)> Failures { get; }

    /// <summary>How many columns there are before those that were found.</summary>
    public int KeyCount => Scenario.Parameters.Count + 1;

    /// <summary>All runs that are done.</summary>
    public static ResultTable Of(Scenario scenario, StudyFolder folder)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(folder);
        var columns = scenario.Columns;
        var (rows, failures, failed) = (new List<IReadOnlyList<object?>>(), new List<string?>(), new List<(string, string)>());
        foreach (var plan in scenario.Plan().Where(folder.Has))
        {
            var result = folder.Read(plan);
            var values = result["values"]!.AsObject();
            rows.Add([.. plan.Parameters.Select(p => p.Value), plan.Seed, .. columns.Select(column => RunJson.Cell(values[column]))]);
            failures.Add(result[Failure]?.GetValue<string>());
            if (failures[^1] is { } failure)
            {
                failed.Add((plan.ToString(), failure));
            }
        }

        return new ResultTable([.. scenario.Parameters.Select(p => p.Name), "seed", .. columns], rows, failures, failed, scenario);
    }

    /// <summary>The table as the library's.</summary>
    public SnapshotTable Table(string title) => new(title, Columns, Rows);

    /// <summary>The table with why each run failed, for people: parameters are as they were written.</summary>
    public SnapshotTable WithFailures(string title) => new(title, [.. Columns, Failure], [.. Rows.Select((row, i) => (IReadOnlyList<object?>)[.. row, _failures[i]])]);

    /// <summary>The table as the files have it, for programs: parameters are what formulas see, so that 64K is the number 65536.</summary>
    public SnapshotTable Valued() => new("", [.. Columns, Failure], [.. Rows.Select((row, i) => (IReadOnlyList<object?>)[.. Values(row), _failures[i]])]);

    /// <summary>A row in which each parameter is what formulas see.</summary>
    internal IEnumerable<object?> Values(IReadOnlyList<object?> row) =>
        row.Select((cell, column) => column < Scenario.Parameters.Count ? ScenarioParameter.ValueOf((string)cell!) : cell);

    /// <summary>The table as CSV, as <c>results.csv</c> has it.</summary>
    public string Csv()
    {
        var whole = Valued();
        return Csv(whole.Columns, whole.Rows);
    }

    /// <summary>An object for each run, with a member for each column of the files.</summary>
    public IEnumerable<JsonObject> JsonRows()
    {
        var whole = Valued();
        return whole.Rows.Select(row => new JsonObject(whole.Columns.Zip(row, (column, cell) => KeyValuePair.Create(column, RunJson.Value(cell)))));
    }

    internal void Write(StudyFolder folder)
    {
        folder.Write("results.csv", Csv());
        folder.Write("results.parquet", ParquetFile.Of(Valued()));
        foreach (var (name, table) in new[] { ("summary.csv", Statistics.Summary(this)), ("differences.csv", Statistics.Differences(this)) })
        {
            folder.Write(name, Csv(table.Columns, table.Rows));
        }

        foreach (var (table, name) in RunTables.Of(Scenario, folder).Tables.Zip(Scenario.Tables, (t, named) => (t.Table, named.Name)))
        {
            folder.Write(Path.Combine("tables", $"{name}.csv"), Csv(table.Columns, table.Rows));
        }

        folder.Write("results.jsonl", string.Concat(JsonRows().Select(row => row.ToJsonString() + "\n")));
    }

    internal static string Csv(IEnumerable<string> columns, IEnumerable<IReadOnlyList<object?>> rows)
    {
        var text = new StringBuilder();
        text.AppendJoin(',', columns.Select(Quoted)).Append('\n');
        foreach (var row in rows)
        {
            text.AppendJoin(',', row.Select(cell => Quoted(cell is null ? "" : Formula.Show(cell)))).Append('\n');
        }

        return text.ToString();
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny("\",\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
