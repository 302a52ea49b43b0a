using Reflink.Studies.Traces.Calls;
using Reflink.Studies.Traces.Formats;
using Reflink.Studies.Traces.Streams;
using Reflink.Units;

namespace Reflink.Studies.Traces;

/// <summary>The formats of traces by name, and how one is told from the others.</summary>
public static class TraceFormats
{
    private const int HeadLength = 64;

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["oracleGeneral", "u32", "vscsi", "fio", "strace", "perf", "lirs", .. CsvLayout.Presets.Keys, "csv"];

    /// <summary>The calls that strace -f -y is to print for the format strace, as its option -e trace takes them.</summary>
    public static IReadOnlyList<string> RecordedCalls => FileCalls.Names;

    // The second stream is the input's own, which tells how much of it was read.
    internal static (string Format, ITraceSource Source, PeekStream Packed) Open(TraceInput input, TraceOptions options)
    {
        var (path, packed) = (input.Path, input.Read());
        var stream = Unpack(packed);
        try
        {
            var head = stream.Peek(HeadLength);
            if (head.IsEmpty)
            {
                throw new ReflinkException(Errno.EINVAL, $"'{path}' is empty; a trace has one request at least");
            }

            var format = options.Format ?? (options.Csv is null ? Guess(path, head) : "csv");
            return (format, Make(format, stream, path, options), packed);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static ITraceSource Make(string format, PeekStream stream, string path, TraceOptions options)
    {
        return format switch
        {
            "oracleGeneral" => new OracleGeneralTrace(stream, path),
            "u32" => new PageNumberTrace(stream, path),
            "vscsi" => new VscsiTrace(stream, path, VscsiVersion(stream.Peek(HeadLength)) ?? throw new ReflinkException(Errno.EINVAL, $"'{path}' is no vscsi trace of version 1 or 2")),
            "fio" => Lines(new FioFormat()),
            "strace" => Lines(new StraceFormat()),
            "perf" => Lines(new PerfFormat()),
            "lirs" => Lines(new NumberFormat()),
            "csv" => Lines(new CsvFormat(options.Csv ?? throw new ReflinkException(Errno.EINVAL, "the format csv wants its columns said, such as offset=5,length=6"))),
            _ when CsvLayout.Presets.TryGetValue(format, out var preset) => Lines(new CsvFormat(preset)),
            _ => throw new ReflinkException(Errno.EINVAL, $"no trace format is called '{format}'; there are {string.Join(", ", Names)}"),
        };

        TextTrace Lines(ILineFormat lines) => new(stream, lines, path, options.MalformedLimit);
    }

    private static string Guess(string path, ReadOnlySpan<byte> head)
    {
        var name = Path.GetFileName(path);
        return head.StartsWith("fio version "u8) ? "fio"
            : name.Contains("oracleGeneral", StringComparison.OrdinalIgnoreCase) ? "oracleGeneral"
            : name.Contains(".u32", StringComparison.OrdinalIgnoreCase) ? "u32"
            : name.Contains("vscsi", StringComparison.OrdinalIgnoreCase) ? "vscsi"
            : name.Contains("strace", StringComparison.OrdinalIgnoreCase) ? "strace"
            : name.Contains(".perf", StringComparison.OrdinalIgnoreCase) ? "perf"
            : name.Contains(".lirs", StringComparison.OrdinalIgnoreCase) || name.Contains(".trc", StringComparison.OrdinalIgnoreCase) ? "lirs"
            : head.StartsWith("version,time,op,size,lbn"u8) ? "cloudphysics"
            : throw new ReflinkException(Errno.EINVAL, $"'{path}' does not say what format it has; name it: --format {string.Join('|', Names)}");
    }

    private static int? VscsiVersion(ReadOnlySpan<byte> head) => head.Length < 16 ? null : head[15] == 1 ? 1 : head[3] == 2 ? 2 : null;

    // By the first bytes, not by the name.
    private static PeekStream Unpack(PeekStream packed)
    {
        var head = packed.Peek(XzStream.Magic.Length);
        return head.StartsWith(GzipStream.Magic) ? new PeekStream(new GzipStream(packed))
            : head.StartsWith(XzStream.Magic) ? new PeekStream(new XzStream(packed))
            : head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]) ? new PeekStream(new ZstdSharp.DecompressionStream(packed, leaveOpen: false))
            : packed;
    }
}
