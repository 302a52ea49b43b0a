using Reflink.Machines;

namespace Reflink.Cli.Reporting;

/// <summary>A table that people read. Cells are long integers, <see cref="Quantity"/>, text or <see cref="Whole"/>; null is nothing.</summary>
/// <param name="Title">What stands above it; empty for no title.</param>
/// <param name="Columns">The columns. The first names the row and stays; text in the last may go on in further lines.</param>
/// <param name="Rows">The cells, row by row.</param>
internal sealed record ReportTable(string Title, IReadOnlyList<Column> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <summary>A table of the library's.</summary>
    /// <param name="table">The table.</param>
    /// <param name="details">Columns that a narrow terminal can do without, the least needed first.</param>
    public static ReportTable Of(SnapshotTable table, IReadOnlyList<string>? details = null)
    {
        var least = details?.Reverse().ToList() ?? [];
        return new(table.Name, [.. table.Columns.Select(name => new Column(name, least.IndexOf(name) + 1))], table.Rows);
    }
}
