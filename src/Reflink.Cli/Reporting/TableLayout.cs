namespace Reflink.Cli.Reporting;

/// <summary>
/// Fits a table to a width. It shortens units and headings, then breaks headings, then leaves out columns that say the same in every row
/// and those that are least needed, and says which; if nothing else helps, each row is a block of lines.
/// </summary>
internal sealed class TableLayout
{
    private const int MostHeadingLines = 4;

    private readonly int _width;
    private readonly TableText _full;
    private readonly TableText _short;
    private readonly List<int> _columns;
    private readonly SortedDictionary<int, string> _leftOut = [];

    private TableLayout(ReportTable table, int width)
    {
        (_width, _full, _short) = (width, new(table, TextForm.Full), new(table, TextForm.Short));
        _columns = [.. Enumerable.Range(0, table.Columns.Count)];
    }

    /// <summary>The lines of a table that has rows.</summary>
    public static IEnumerable<string> Lines(ReportTable table, int width)
    {
        var layout = new TableLayout(table, width);
        do
        {
            if (layout.Grid() is { } grid)
            {
                return [.. grid.Lines(), .. layout.Remark()];
            }
        }
        while (layout.LeaveOut());
        return layout.Blocks();
    }

    private TableGrid? Grid() => TableGrid.Fit(_full, _columns, 1, _width)
        ?? Enumerable.Range(1, MostHeadingLines).Select(lines => TableGrid.Fit(_short, _columns, lines, _width)).FirstOrDefault(grid => grid is not null);

    private bool LeaveOut()
    {
        // The first column names the row, so that 0 means none.
        if (_columns.Skip(1).FirstOrDefault(IsConstant) is > 0 and var constant)
        {
            _columns.Remove(constant);
            _leftOut[constant] = $"{_full.Headings[constant]} ({_full.Cells[0][constant]} in every row)";
            return true;
        }

        var detail = _columns.Max(Detail);
        foreach (var column in detail > 0 ? _columns.Where(c => Detail(c) == detail).ToList() : [])
        {
            _columns.Remove(column);
            _leftOut[column] = _full.Headings[column];
        }

        return detail > 0;
    }

    private int Detail(int column) => _full.Table.Columns[column].Detail;

    private bool IsConstant(int column) => _full.Cells.Count > 1 && _full.Headings[column].Length > 0 && _full.Cells.All(row => row[column] == _full.Cells[0][column]);

    private IEnumerable<string> Remark() => _leftOut.Count == 0 ? []
        : TextLines.Paragraph($"left out: {string.Join(", ", _leftOut.Values)}; --wide shows {(_leftOut.Count == 1 ? "it" : "them")}", _width);

    private IEnumerable<string> Blocks()
    {
        for (var row = 0; row < _full.Cells.Count; row++)
        {
            for (var column = 0; column < _full.Headings.Count; column++)
            {
                var (indent, name) = (column == 0 ? "" : new string(' ', TextLines.Hanging), _full.Headings[column]);
                IEnumerable<string> words = [.. name.Length == 0 ? [] : $"{name}:".Split(' '), .. _full.Words(row, column)];
                foreach (var (i, line) in TextLines.Wrap(words, _width - (2 * TextLines.Hanging)).Index())
                {
                    yield return indent + (i == 0 ? "" : new string(' ', TextLines.Hanging)) + line;
                }
            }
        }
    }
}
