using System.Globalization;
using Reflink.Cache.Simulation;
using Reflink.Units;

namespace Reflink.Studies.Traces.Formats;

// The traces of LIRS: a page number a line; * marks the end of a part.
internal sealed class NumberFormat : ILineFormat
{
    public bool IsBlockLevel => false;

    public string? Parse(ReadOnlySpan<char> line, long number, Queue<TraceRequest> requests)
    {
        if (line.Trim() is "*")
        {
            return null;
        }

        if (!ulong.TryParse(line.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var page))
        {
            return $"'{TraceText.Short(line)}' is no page number";
        }

        requests.Enqueue(new TraceRequest(new PageKey(page), 1, AccessKind.Read));
        return null;
    }
}
