using Reflink.Units;

namespace Reflink.Studies.Traces;

// A trace of lines. A line that makes no sense is passed over up to a limit, and told by its number; none is guessed.
internal sealed class TextTrace(Stream stream, ILineFormat format, string path, int malformedLimit) : ITraceSource
{
    private const int LongestLine = 1 << 20;
    private readonly StreamReader _reader = new(stream, bufferSize: 1 << 16);
    private readonly List<string> _malformed = [];
    private long _number;

    public IReadOnlyList<string> Malformed => _malformed;

    public IReadOnlyList<string> Notes => format.Notes;

    public bool IsBlockLevel => format.IsBlockLevel;

    public bool TryRead(out TraceRequest request)
    {
        while (_reader.ReadLine() is { } line)
        {
            _number++;
            if (line.Length > LongestLine)
            {
                throw new ReflinkException(Errno.EINVAL, $"'{path}', line {_number} has {line.Length} characters; this is no trace of that format");
            }

            var problem = Parse(line.AsSpan().TrimEnd(), out request);
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

    public void Dispose() => _reader.Dispose();

    private string? Parse(ReadOnlySpan<char> line, out TraceRequest request)
    {
        request = default;
        try
        {
            return line.IsEmpty ? null : format.Parse(line, _number, out request);
        }
        catch (ReflinkException e)
        {
            return e.Message;
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
