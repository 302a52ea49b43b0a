using Reflink.Studies.Traces.Streams;
using Reflink.Units;

namespace Reflink.Studies.Traces.Formats;

// A trace of lines. A line that makes no sense is passed over up to a limit, and told by its number; none is guessed.
internal sealed class TextTrace(PeekStream stream, ILineFormat format, string path, int malformedLimit) : ITraceSource
{
    private readonly LineReader _lines = new(stream);
    private readonly List<string> _malformed = [];
    private readonly Queue<TraceRequest> _requests = [];
    private long _number;

    public IReadOnlyList<string> Malformed => _malformed;

    public IReadOnlyList<string> Notes => _lines.IsCut
        ? [.. format.Notes, $"line {_number}, the last, has no line end: if the trace was cut there, its last number may be cut too"] : format.Notes;

    public bool IsBlockLevel => format.IsBlockLevel;

    public bool TryRead(out TraceRequest request)
    {
        while (!_requests.TryDequeue(out request))
        {
            if (!_lines.TryRead(out var line))
            {
                return false;
            }

            _number++;
            if (_lines.IsTooLong)
            {
                throw new ReflinkException(Errno.EINVAL, $"'{path}', line {_number} has more than {LineReader.Longest} bytes; this is no trace of that format");
            }

            if (Parse(line.TrimEnd()) is { } problem)
            {
                Pass(problem);
            }
        }

        return true;
    }

    public void Dispose() => _lines.Dispose();

    // A number that no 64 bits hold is as malformed as one of letters.
    private string? Parse(ReadOnlySpan<char> line)
    {
        try
        {
            return line.IsEmpty ? null : format.Parse(line, _number, _requests);
        }
        catch (OverflowException)
        {
            return $"'{TraceText.Short(line)}' has a number that is too large";
        }
    }

    private void Pass(string problem)
    {
        _malformed.Add($"line {_number}: {problem}");
        if (_malformed.Count > malformedLimit)
        {
            throw new ReflinkException(
                Errno.EINVAL, $"'{path}', {_malformed[0]}; {(malformedLimit == 0 ? "lines that may be passed over: --malformed N" : $"that and {malformedLimit} more lines are malformed, --malformed allows {malformedLimit}")}");
        }
    }
}
