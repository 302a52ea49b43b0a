using System.Globalization;
using Reflink.Units;

namespace Reflink.Studies.Traces.Formats;

// Columns by a layout. Quoted cells are not known: no trace of requests has them.
internal sealed class CsvFormat(CsvLayout layout) : ILineFormat
{
    private readonly FileNumbers _files = new();
    private readonly Range[] _cells = new Range[32];

    public bool IsBlockLevel => layout.IsBlockLevel;

    public string? Parse(ReadOnlySpan<char> line, long number, Queue<TraceRequest> requests)
    {
        if (number == 1 && layout.HasHeader)
        {
            return null;
        }

        var count = line.Split(_cells, layout.Delimiter, StringSplitOptions.TrimEntries);
        if (!TryNumber(line, count, layout.Offset, out var offset))
        {
            return $"'{TraceText.Short(line)}' has no offset in column {layout.Offset}";
        }

        var (length, kind) = ((long)Page.Size, (AccessKind?)AccessKind.Read);
        if (layout.Length > 0)
        {
            if (!TryNumber(line, count, layout.Length, out length))
            {
                return $"'{TraceText.Short(line)}' has no length in column {layout.Length}";
            }

            if (length > long.MaxValue / layout.LengthUnit)
            {
                return $"'{TraceText.Short(line)}' is longer than any file";
            }

            length *= layout.LengthUnit;
        }

        if (layout.Operation > 0 && (layout.Operation > count || (kind = Kind(line[_cells[layout.Operation - 1]])) is null))
        {
            return $"'{TraceText.Short(line)}' has no read or write in column {layout.Operation}";
        }

        if (layout.File.Any(column => column > count))
        {
            return $"'{TraceText.Short(line)}' has {count} columns";
        }

        if (offset > long.MaxValue / layout.OffsetUnit)
        {
            return $"'{TraceText.Short(line)}' begins too far out";
        }

        return TraceRequest.TryOfBytes(File(line), offset * layout.OffsetUnit, length, kind.Value, requests);
    }

    private bool TryNumber(ReadOnlySpan<char> line, int count, int column, out long number)
    {
        number = 0;
        return column <= count && long.TryParse(line[_cells[column - 1]], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private int File(ReadOnlySpan<char> line)
    {
        switch (layout.File)
        {
            case []:
                return 0;
            case [var only]:
                return _files[line[_cells[only - 1]]];
            default:
                // Two columns are hardly ever far apart.
                var (from, to) = (_cells[layout.File[0] - 1], _cells[layout.File[^1] - 1]);
                return _files[line[from.Start..to.End]];
        }
    }

    private static AccessKind? Kind(ReadOnlySpan<char> cell) =>
        cell.Equals("w", StringComparison.OrdinalIgnoreCase) || cell.Equals("write", StringComparison.OrdinalIgnoreCase) || cell is "1" or "2a" or "2A" or "0x2a" ? AccessKind.Write
        : cell.Equals("r", StringComparison.OrdinalIgnoreCase) || cell.Equals("read", StringComparison.OrdinalIgnoreCase) || cell is "0" or "28" or "0x28" ? AccessKind.Read
        : null;
}
