using Reflink.Studies.Traces.Streams;
using Reflink.Units;

namespace Reflink.Studies.Traces;

// A trace of lines. A line that makes no sense is passed over up to a limit, and told by its number; none is guessed.
internal sealed class TextTrace(PeekStream stream, ILineFormat format, string path, int malformedLimit) : ITraceSource
{
    private readonly LineReader _lines = new(stream);
    private readonly List<string> _malformed = [];
    private long _number;

    public IReadOnlyList<string> Malformed => _malformed;

    public IReadOnlyList<string> Notes => format.Notes;

    public bool IsBlockLevel => format.IsBlockLevel;

    public bool TryRead(out TraceRequest request)
    {
        while (_lines.TryRead(out var line))
        {
            _number++;
            if (_lines.IsTooLong)
            {
                throw new ReflinkException(Errno.EINVAL, $"'{path}', line {_number} has more than {LineReader.Longest} bytes; this is no trace of that format");
            }

            var problem = Parse(line.TrimEnd(), out request);
            if (problem is not null)
            {
                Pass(problem);
            }
            else if (request.Pages > 0)
            {
                return true;
            }
        }

        request = default;
        return false;
    }

    public void Dispose() => _lines.Dispose();

    // A number that no 64 bits hold is as malformed as one of letters.
    private string? Parse(ReadOnlySpan<char> line, out TraceRequest request)
    {
        request = default;
        try
        {
            return line.IsEmpty ? null : format.Parse(line, _number, out request);
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
