namespace Reflink.Cli.Reporting;

/// <summary>
/// Some columns of a table side by side. A first cell that is much longer than others has a line to itself, as in df(1), and text in
/// the last column goes on below itself.
/// </summary>
internal sealed class TableGrid
{
    private const int Gap = 2;
    private const int Hanging = 4;

    /// <summary>The least that text in the last column is broken to.</summary>
    private const int LeastRoom = 24;

    private readonly TableText _text;
    private readonly IReadOnlyList<int> _columns;
    private readonly int[] _widths;
    private readonly int _total;

    private TableGrid(TableText text, IReadOnlyList<int> columns, int[] widths, int total) => (_text, _columns, _widths, _total) = (text, columns, widths, total);

    private bool LastIsText => _columns.Count > 1 && !_text.Numeric[_columns[^1]];

    /// <summary>The columns in that width, with headings of at most so many lines; null if they do not fit.</summary>
    public static TableGrid? Fit(TableText text, IReadOnlyList<int> columns, int headingLines, int width)
    {
        var widths = columns.Select(c => Math.Max(text.Widths[c], TextLines.HeadingWidth(text.Headings[c], headingLines))).ToArray();
        var grid = new TableGrid(text, columns, widths, width);
        if (grid.Total() > width && columns.Count > 1)
        {
            widths[0] = Math.Min(widths[0], width * 2 / 5);
        }

        if (grid.Total() > width && grid.LastIsText)
        {
            var least = Math.Max(text.Least(columns[^1], LeastRoom), TextLines.HeadingWidth(text.Headings[columns[^1]], headingLines));
            widths[^1] = Math.Max(least, width - (grid.Total() - widths[^1]));
        }

        return grid.Total() <= width ? grid : null;
    }

    public IEnumerable<string> Lines()
    {
        var headings = _columns.Select((c, i) => TextLines.Heading(_text.Headings[c], _widths[i])).ToList();
        var height = headings.Max(h => h.Count);
        for (var line = 0; line < height; line++)
        {
            yield return Join([.. headings.Select(h => line < height - h.Count ? "" : h[line - height + h.Count])]);
        }

        for (var row = 0; row < _text.Cells.Count; row++)
        {
            foreach (var line in Row(row))
            {
                yield return line;
            }
        }
    }

    private IEnumerable<string> Row(int row)
    {
        var cells = _columns.Select(c => _text.Cells[row][c]).ToArray();
        if (cells.Length > 1 && cells[0].Length > _widths[0])
        {
            foreach (var (i, line) in TextLines.Wrap(_text.Words(row, _columns[0]), _total - Hanging).Index())
            {
                yield return (i == 0 ? "" : new string(' ', Hanging)) + line;
            }

            cells[0] = "";
        }

        var parts = LastIsText && cells[^1].Length > _widths[^1] ? TextLines.Wrap(_text.Words(row, _columns[^1]), _widths[^1]) : [cells[^1]];
        var start = _widths.SkipLast(1).Sum(w => w + Gap);
        foreach (var (i, part) in parts.Index())
        {
            cells[^1] = part;
            var fits = part.Length <= _widths[^1];
            if (i == 0)
            {
                yield return Join(fits ? cells : [.. cells[..^1], ""]);
            }

            if (i > 0 || !fits)
            {
                yield return new string(' ', fits ? start : Math.Min(start, Hanging)) + part;
            }
        }
    }

    private int Total() => _widths.Sum() + (Gap * (_widths.Length - 1));

    private string Join(string[] cells) => string.Join(new string(' ', Gap), cells.Select(
        (cell, i) => _text.Numeric[_columns[i]] ? cell.PadLeft(_widths[i]) : i == cells.Length - 1 ? cell : cell.PadRight(_widths[i]))).TrimEnd();
}
