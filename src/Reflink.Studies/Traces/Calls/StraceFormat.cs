using System.Globalization;
using Reflink.Studies.Traces.Formats;

namespace Reflink.Studies.Traces.Calls;

/// <summary>
/// What strace -f -y prints of reads and writes: <c>[pid 7] 1795414160.618937 read(3&lt;/etc/passwd&gt;, "root"..., 4096) = 1204 &lt;0.000089&gt;</c>.
/// The path comes from -y, the bytes from the result, the place from the call or from what the descriptor did before.
/// </summary>
internal sealed class StraceFormat : ILineFormat
{
    private const string Unfinished = "<unfinished ...>";
    private readonly FileCalls _calls = new();
    private readonly Dictionary<int, string> _unfinished = [];

    public bool IsBlockLevel => false;

    public IReadOnlyList<string> Notes => _calls.Notes;

    public string? Parse(ReadOnlySpan<char> line, long number, Queue<TraceRequest> requests)
    {
        var process = TakeProcess(ref line);
        SkipTime(ref line);
        if (line.StartsWith("---") || line.StartsWith("+++") || line.StartsWith("strace: ") || line.EndsWith("<detached ...>"))
        {
            return null;
        }

        if (line.EndsWith(Unfinished))
        {
            line = line[..^Unfinished.Length].TrimEnd();
            _unfinished[process] = line.ToString();
            _calls.Begin(process, line);
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

        return StraceCall.TryParse(line, out var call) ? _calls.Take(process, call, requests)
            : $"'{TraceText.Short(line)}' is no call with its result";
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
