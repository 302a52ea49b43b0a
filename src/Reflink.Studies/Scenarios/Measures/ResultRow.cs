namespace Reflink.Studies.Scenarios.Measures;

/// <summary>A row that a run added to a table of the results.</summary>
/// <param name="Table">The table's name.</param>
/// <param name="Cells">By column: a long, a double, a bool or a text; null for nothing.</param>
public sealed record ResultRow(string Table, IReadOnlyDictionary<string, object?> Cells);
