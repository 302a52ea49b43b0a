using System.Globalization;
using Reflink.Cache;

namespace Reflink.Studies.Traces;

/// <summary>
/// What strace -f -y prints of reads and writes: <c>[pid 7] 1795414160.618937 read(3&lt;/etc/passwd&gt;, "root"..., 4096) = 1204 &lt;0.000089&gt;</c>.
/// The path comes from -y, the bytes from the result, the place from the call or from what the descriptor did before.
/// </summary>
internal sealed class StraceFormat : ILineFormat
{
    private readonly FileNumbers _files = new();

    // By process and descriptor: where the next read() begins. A process that is new goes on where its parent was.
    private readonly Dictionary<(int Process, int Descriptor), long> _positions = [];
    private readonly Dictionary<int, long> _lastPositions = [];
    private readonly Dictionary<int, string> _unfinished = [];
    private long _mappings;

    public bool IsBlockLevel => false;

    public IReadOnlyList<string> Notes => _mappings == 0 ? []
        : [string.Create(CultureInfo.InvariantCulture, $"{_mappings} calls of mmap: what is read through mappings leaves no line, and is not in the trace")];

    public string? Parse(ReadOnlySpan<char> line, long number, out TraceRequest request)
    {
        request = default;
        var process = TakeProcess(ref line);
        SkipTime(ref line);
        if (line.StartsWith("---") || line.StartsWith("+++") || line.StartsWith("strace: "))
        {
            return null;
        }

        if (line.EndsWith("<unfinished ...>"))
        {
            _unfinished[process] = line[..^"<unfinished ...>".Length].TrimEnd().ToString();
            return null;
        }

        if (line.StartsWith("<... "))
        {
            var resumed = line.IndexOf('>');
            if (resumed < 0 || !_unfinished.Remove(process, out var begun))
            {
                return $"'{TraceText.Short(line)}' resumes what did not begin";
            }

            line = $"{begun}{(begun.EndsWith(',') ? " " : "")}{line[(resumed + 1)..]}";
        }

        return Call(process, line, out request);
    }

    private string? Call(int process, ReadOnlySpan<char> line, out TraceRequest request)
    {
        request = default;
        var open = line.IndexOf('(');
        var equals = line.LastIndexOf(" = ");
        if (open <= 0 || equals < open || line[..equals].TrimEnd() is not [.., ')'])
        {
            return $"'{TraceText.Short(line)}' is no call with its result";
        }

        var name = line[..open];
        var arguments = line[(open + 1)..equals].TrimEnd()[..^1];
        if (!TryResult(line[(equals + 3)..], out var result) || result < 0)
        {
            return null;
        }

        if (name is "open" or "openat" or "creat")
        {
            _positions[(process, (int)result)] = _lastPositions[(int)result] = 0;
            return null;
        }

        _mappings += name is "mmap" && arguments.Contains("</", StringComparison.Ordinal) ? 1 : 0;
        if (!TryDescriptor(arguments, out var descriptor, out var path))
        {
            return null;
        }

        switch (name)
        {
            case "lseek":
                _positions[(process, descriptor)] = _lastPositions[descriptor] = result;
                return null;
            case "read" or "readv" or "write" or "writev":
                return Of(path, Advance(process, descriptor, result), result, name[0], out request);
            case "pread64" or "pwrite64":
                var last = arguments[(arguments.LastIndexOf(',') + 1)..].Trim();
                if (!long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
                {
                    return $"'{TraceText.Short(line)}' ends in no offset";
                }

                return Of(path, offset, result, name[1], out request);
            default:
                return null;
        }
    }

    private string? Of(ReadOnlySpan<char> path, long offset, long length, char verb, out TraceRequest request)
    {
        request = default;
        return IsCached(path) ? TraceRequest.TryOfBytes(_files[path], offset, length, verb == 'r' ? AccessKind.Read : AccessKind.Write, out request) : null;
    }

    private long Advance(int process, int descriptor, long bytes)
    {
        if (!_positions.TryGetValue((process, descriptor), out var position))
        {
            _lastPositions.TryGetValue(descriptor, out position);
        }

        _positions[(process, descriptor)] = _lastPositions[descriptor] = position + bytes;
        return position;
    }

    // Pipes and sockets have no path; devices and the kernel's own files have no pages of a file behind them.
    private static bool IsCached(ReadOnlySpan<char> path) =>
        path.StartsWith("/") && !(path.StartsWith("/dev/") && !path.StartsWith("/dev/shm/")) && !path.StartsWith("/proc/") && !path.StartsWith("/sys/");

    private static bool TryDescriptor(ReadOnlySpan<char> arguments, out int descriptor, out ReadOnlySpan<char> path)
    {
        path = default;
        var open = arguments.IndexOf('<');
        var close = arguments.IndexOf(">,");
        close = close < 0 && arguments is [.., '>'] ? arguments.Length - 1 : close;
        if (open <= 0 || close < open || !int.TryParse(arguments[..open], NumberStyles.None, CultureInfo.InvariantCulture, out descriptor))
        {
            descriptor = 0;
            return false;
        }

        path = arguments[(open + 1)..close];
        return true;
    }

    private static bool TryResult(ReadOnlySpan<char> text, out long result)
    {
        var end = text.IndexOfAny(' ', '<');
        return long.TryParse(end < 0 ? text : text[..end], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out result);
    }

    // [pid 7], or just 7, as with -o.
    private static int TakeProcess(ref ReadOnlySpan<char> line)
    {
        var rest = line;
        var isBracketed = rest.StartsWith("[pid");
        rest = isBracketed ? rest[4..].TrimStart() : rest;
        var end = rest.IndexOfAny(' ', ']');
        if (end <= 0 || !int.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var process))
        {
            return 0;
        }

        line = rest[(end + 1)..].TrimStart();
        return process;
    }

    private static void SkipTime(ref ReadOnlySpan<char> line)
    {
        var end = line.IndexOf(' ');
        if (end > 0 && char.IsAsciiDigit(line[0]) && line[..end].IndexOf('(') < 0)
        {
            line = line[end..].TrimStart();
        }
    }
}
