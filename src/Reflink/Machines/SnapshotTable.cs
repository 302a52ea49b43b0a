using System.Globalization;
using System.Text;

namespace Reflink.Machines;

/// <summary>One table of a snapshot. Cells are long integers or text; null is nothing.</summary>
/// <param name="Name">The table's name.</param>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Rows">The cells, row by row.</param>
public sealed record SnapshotTable(string Name, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <summary>The header and the rows with padded columns: numbers to the right, text to the left, nothing as '-'.</summary>
    public IReadOnlyList<string> Lines()
    {
        var rows = Rows.Select(r => r.Select(Text).ToArray()).Prepend([.. Columns]).ToList();
        var widths = Enumerable.Range(0, Columns.Count).Select(c => rows.Max(r => r[c].Length)).ToArray();
        var numeric = Enumerable.Range(0, Columns.Count).Select(c => Rows.Count > 0 && Rows.All(r => r[c] is long or null)).ToArray();
        return [.. rows.Select(r => Line(r, widths, numeric))];
    }

    private static string Line(string[] cells, int[] widths, bool[] numeric)
    {
        var line = new StringBuilder();
        for (var c = 0; c < cells.Length; c++)
        {
            line.Append(c == 0 ? "" : "  ");
            line.Append(numeric[c] ? cells[c].PadLeft(widths[c]) : cells[c].PadRight(widths[c]));
        }

        return line.ToString().TrimEnd();
    }

    private static string Text(object? cell) => cell switch
    {
        null => "-",
        long number => number.ToString(CultureInfo.InvariantCulture),
        _ => Escape(cell.ToString() ?? "-"),
    };

    // A file's name may hold a line end; /proc prints it as an octal escape.
    private static string Escape(string text) => !text.Any(char.IsControl) ? text : string.Concat(
        text.Select(c => char.IsControl(c) ? "\\" + Convert.ToString(c, 8).PadLeft(3, '0') : c.ToString()));
}
