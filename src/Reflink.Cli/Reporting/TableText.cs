using System.Globalization;

namespace Reflink.Cli.Reporting;

/// <summary>The headings and cells of a table as text, in full or in short form, and how wide they are.</summary>
internal sealed class TableText
{
    public TableText(ReportTable table, TextForm form)
    {
        Table = table;
        Headings = [.. table.Columns.Select(c => form == TextForm.Short && c.Short is { } shorter ? shorter : c.Heading)];
        Cells = [.. table.Rows.Select(row => row.Select(cell => Text(cell, form)).ToArray())];
        Widths = [.. Enumerable.Range(0, Headings.Count).Select(c => Cells.Max(row => row[c].Length))];
        Numeric = [.. Enumerable.Range(0, Headings.Count).Select(c => table.Rows.All(row => row[c] is long or Quantity or null))];
    }

    public ReportTable Table { get; }

    public IReadOnlyList<string> Headings { get; }

    /// <summary>Row by row.</summary>
    public IReadOnlyList<string[]> Cells { get; }

    /// <summary>The longest cell of each column.</summary>
    public IReadOnlyList<int> Widths { get; }

    /// <summary>Which columns hold numbers, which stand to the right.</summary>
    public IReadOnlyList<bool> Numeric { get; }

    /// <summary>Where a cell may be broken: between these.</summary>
    public IReadOnlyList<string> Words(int row, int column) =>
        Table.Rows[row][column] is Whole ? [Cells[row][column]] : Cells[row][column].Split(' ');

    /// <summary>The room that a column needs at least, if its text may be broken to that width; names go elsewhere if there is no room.</summary>
    public int Least(int column, int width) => Math.Min(width, Cells.Zip(Table.Rows, (cells, row) => row[column] is Whole ? 0 : cells[column].Length).Max());

    private static string Text(object? cell, TextForm form) => cell switch
    {
        null => "-",
        long number => number.ToString(CultureInfo.InvariantCulture),
        Quantity quantity => form == TextForm.Short ? quantity.Short : quantity.Full,
        Whole name => Escape(name.Text),
        _ => Escape(cell.ToString() ?? "-"),
    };

    // A file's name may hold a line end, or command the terminal; /proc prints such characters as octal escapes.
    private static string Escape(string text) => !text.Any(char.IsControl) ? text : string.Concat(
        text.Select(c => char.IsControl(c) ? "\\" + Convert.ToString(c, 8).PadLeft(3, '0') : c.ToString()));
}
