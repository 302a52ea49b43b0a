using System.Globalization;
using Reflink.Units;

namespace Reflink.Studies.Traces.Formats;

/// <summary>
/// What perf trace -F all --no-syscalls prints of page faults: <c>1.462 ( 0.000 ms): cat/19040 minfault [main+0x6e8] => /usr/bin/cat@0x1ab70 (d.)</c>. Behind the arrow stand
/// the file and the place in it that the address shows. Faults of anonymous memory and of the kernel have no file, and are left out.
/// </summary>
internal sealed class PerfFormat : ILineFormat
{
    private const string Arrow = "] => ";
    private readonly FileNumbers _files = new();
    private long _leftOut;
    private long _lost;

    public bool IsBlockLevel => false;

    public IReadOnlyList<string> Notes =>
    [
        "these are page faults: the first use of a page by each process, or by one that shows it beside others (fault-around); later uses are not seen, nor whether a page was stored to",
        .. _leftOut > 0 ? [$"{Counted.Of(_leftOut, "fault")} of anonymous memory and of the kernel left out"] : (string[])[],
        .. _lost > 0 ? [$"perf lost {Counted.Of(_lost, "event")}: the machine was too busy to keep up"] : (string[])[],
    ];

    public string? Parse(ReadOnlySpan<char> line, long number, Queue<TraceRequest> requests)
    {
        if (line.StartsWith("LOST "))
        {
            var count = line["LOST ".Length..];
            _lost += long.TryParse(TraceText.Word(ref count), NumberStyles.None, CultureInfo.InvariantCulture, out var lost) ? lost : 1;
            return null;
        }

        var arrow = line.IndexOf(Arrow);
        if (arrow < 0 || !(line[..arrow].Contains(" minfault [", StringComparison.Ordinal) || line[..arrow].Contains(" majfault [", StringComparison.Ordinal)))
        {
            return $"'{TraceText.Short(line)}' is no page fault as perf trace prints it";
        }

        var target = line[(arrow + Arrow.Length)..];
        var end = target.LastIndexOf(" (");
        target = end < 0 ? target : target[..end];
        var at = target.LastIndexOf("@0x");
        if (at < 0 || !IsFile(target[..at]))
        {
            _leftOut++;
            return null;
        }

        return long.TryParse(target[(at + "@0x".Length)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var offset) && offset >= 0
            ? TraceRequest.TryOfBytes(_files[target[..at]], offset, 1, AccessKind.Load, requests)
            : $"'{TraceText.Short(line)}' has no place in its file";
    }

    // perf writes the kernel's own code for processes into a file of its own.
    private static bool IsFile(ReadOnlySpan<char> name) =>
        name.StartsWith("/") && !name.StartsWith("//") && !name.Contains("/perf-vdso.so-", StringComparison.Ordinal) && !name.StartsWith("/memfd:") && !name.StartsWith("/SYSV") && !name.StartsWith("/dev/zero");
}
