using Reflink.Units;

namespace Reflink.Studies.Traces;

/// <summary>The formats of traces by name, and how one is told from the others.</summary>
public static class TraceFormats
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["oracleGeneral", "u32", "vscsi", "fio", "strace", "lirs", .. CsvLayout.Presets.Keys, "csv"];

    internal static (string Format, ITraceSource Source, FileStream File) Open(string path, TraceOptions options)
    {
        var stream = OpenStream(path, out var file);
        try
        {
            var head = new byte[64];
            var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            if (length == 0)
            {
                throw new ReflinkException(Errno.EINVAL, $"'{path}' is empty; a trace has one request at least");
            }

            var format = options.Format ?? (options.Csv is null ? Guess(path, head.AsSpan(0, length)) : "csv");
            return (format, Make(format, new PrefixedStream(head.AsMemory(0, length), stream), head, path, options), file);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static ITraceSource Make(string format, Stream stream, ReadOnlySpan<byte> head, string path, TraceOptions options)
    {
        return format switch
        {
            "oracleGeneral" => new OracleGeneralTrace(stream, path),
            "u32" => new PageNumberTrace(stream, path),
            "vscsi" => new VscsiTrace(stream, path, VscsiVersion(head) ?? throw new ReflinkException(Errno.EINVAL, $"'{path}' is no vscsi trace of version 1 or 2")),
            "fio" => Lines(new FioFormat()),
            "strace" => Lines(new StraceFormat()),
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
            : name.Contains(".lirs", StringComparison.OrdinalIgnoreCase) || name.Contains(".trc", StringComparison.OrdinalIgnoreCase) ? "lirs"
            : head.StartsWith("version,time,op,size,lbn"u8) ? "cloudphysics"
            : throw new ReflinkException(Errno.EINVAL, $"'{path}' does not say what format it has; name it: --format {string.Join('|', Names)}");
    }

    private static int? VscsiVersion(ReadOnlySpan<byte> head) => head[15] == 1 ? 1 : head[3] == 2 ? 2 : null;

    // By the first bytes, not by the name.
    private static Stream OpenStream(string path, out FileStream file)
    {
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReflinkException(e is FileNotFoundException or DirectoryNotFoundException ? Errno.ENOENT : Errno.EACCES, $"cannot read the trace '{path}': {e.Message}", e);
        }

        Span<byte> magic = stackalloc byte[6];
        var length = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        magic = magic[..length];
        return magic.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]) ? new GzipStream(file)
            : magic.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]) ? new ZstdSharp.DecompressionStream(file, leaveOpen: false)
            : magic.StartsWith((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]) ? new SharpCompress.Compressors.Xz.XZStream(file)
            : file;
    }
}
