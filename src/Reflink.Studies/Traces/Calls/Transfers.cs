using Reflink.Studies.Traces.Formats;
using Reflink.Units;

namespace Reflink.Studies.Traces.Calls;

/// <summary>Bytes that calls moved from and to files, as requests; and how long the files are, which calls that append must know.</summary>
internal sealed class Transfers
{
    private readonly FileNumbers _files = new();
    private readonly Dictionary<string, FileLength> _lengths = [];
    private readonly Dictionary<string, FileLength>.AlternateLookup<ReadOnlySpan<char>> _lengthsByPath;
    private long _blindAppends;

    public Transfers() => _lengthsByPath = _lengths.GetAlternateLookup<ReadOnlySpan<char>>();

    public IReadOnlyList<string> Notes => _blindAppends == 0 ? []
        : [$"taken to begin where the trace last saw the file end: {Counted.Of(_blindAppends, "write")} with O_APPEND to files whose length it does not say"];

    /// <summary>How long a file is; null if that is no file with pages.</summary>
    public FileLength? Length(ReadOnlySpan<char> path)
    {
        if (!IsCached(path))
        {
            return null;
        }

        if (!_lengthsByPath.TryGetValue(path, out var length))
        {
            _lengthsByPath[path] = length = new FileLength();
        }

        return length;
    }

    /// <summary>Bytes were read.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="path">Its path.</param>
    /// <param name="offset">Where from; null: from its position, which moves on.</param>
    /// <param name="bytes">How many.</param>
    /// <param name="wanted">How many were asked for, if that is known.</param>
    /// <param name="request">The request, perhaps without pages.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public string? Read(OpenFile file, ReadOnlySpan<char> path, long? offset, long bytes, long? wanted, out TraceRequest request)
    {
        var from = offset ?? Advance(file, file.Position, bytes);
        var length = Length(path);
        length?.ReachesTo(bytes == 0 ? 0 : from + bytes);
        if (bytes < wanted)
        {
            length?.EndsAfter(from, bytes);
        }

        return Of(path, from, bytes, AccessKind.Read, out request);
    }

    /// <summary>Bytes were written; with O_APPEND always behind the last, an offset or not (pwrite(2), BUGS).</summary>
    public string? Write(OpenFile file, ReadOnlySpan<char> path, long? offset, long bytes, bool isAppending, out TraceRequest request)
    {
        var length = Length(path);
        var to = offset ?? file.Position;
        if (length is not null && (isAppending || file.Appends))
        {
            (to, var isKnown) = length.End;
            _blindAppends += isKnown ? 0 : 1;
        }

        if (offset is null)
        {
            Advance(file, to, bytes);
        }

        length?.ReachesTo(to + bytes);
        return Of(path, to, bytes, AccessKind.Write, out request);
    }

    private static long Advance(OpenFile file, long from, long bytes)
    {
        file.Position = from + bytes;
        return from;
    }

    private string? Of(ReadOnlySpan<char> path, long offset, long length, AccessKind kind, out TraceRequest request)
    {
        request = default;
        return IsCached(path) ? TraceRequest.TryOfBytes(_files[path], offset, length, kind, out request) : null;
    }

    // Pipes and sockets have no path; devices and the kernel's own files have no pages of a file behind them.
    private static bool IsCached(ReadOnlySpan<char> path) =>
        path.StartsWith("/") && !(path.StartsWith("/dev/") && !path.StartsWith("/dev/shm/")) && !path.StartsWith("/proc/") && !path.StartsWith("/sys/");
}
