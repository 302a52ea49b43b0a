using Reflink.Cache.Simulation;
using Reflink.Units;

namespace Reflink.Studies.Traces.Formats;

/// <summary>One request of a trace: pages of one file, side by side.</summary>
/// <param name="First">The first page.</param>
/// <param name="Pages">How many; 0 touches nothing.</param>
/// <param name="Kind">Read or written.</param>
/// <param name="Next">When the page is used next, in requests from the trace's first; <see cref="Never"/>, or <see cref="Unknown"/> if the trace does not say.</param>
public readonly record struct TraceRequest(PageKey First, long Pages, AccessKind Kind, long Next = TraceRequest.Unknown)
{
    /// <summary>The page is not used again.</summary>
    public const long Never = long.MaxValue;

    /// <summary>The trace does not say.</summary>
    public const long Unknown = -1;

    /// <summary>The most bytes of one request: what one call to Linux moves (MAX_RW_COUNT). A longer one is a damaged line, not a terabyte of pages.</summary>
    public const long MostBytes = int.MaxValue & ~(Page.Size - 1);

    // A file has as many bytes, and a trace as many files, as a page's number has room for.
    private const long FileBytes = 1L << 52;
    private const int Files = 1 << 24;

    /// <summary>Adds the request for the pages that bytes of a file lie in, if there are any.</summary>
    /// <returns>What is wrong with the request, or null.</returns>
    internal static string? TryOfBytes(int file, long offset, long length, AccessKind kind, Queue<TraceRequest> requests)
    {
        var problem = TryOfBytes(file, offset, length, kind, out var request);
        if (request.Pages > 0)
        {
            requests.Enqueue(request);
        }

        return problem;
    }

    /// <summary>The pages that bytes of a file lie in; none if there are no bytes.</summary>
    /// <returns>What is wrong with the request, or null.</returns>
    internal static string? TryOfBytes(int file, long offset, long length, AccessKind kind, out TraceRequest request)
    {
        request = default;
        if (length <= 0)
        {
            return null;
        }

        if (length > MostBytes)
        {
            return $"a request of {length} bytes; one has {MostBytes} at the most";
        }

        if (offset < 0 || offset > FileBytes - length)
        {
            return $"{Counted.Of(length, "byte")} at {offset}; a file of a trace has {FileBytes} (4 PiB) at the most";
        }

        if (file >= Files)
        {
            return $"a file after {Files} others; a trace has no more";
        }

        var first = offset >> Page.Shift;
        request = new TraceRequest(PageKey.Of(file, new PageIndex(first)), ((offset + length - 1) >> Page.Shift) - first + 1, kind);
        return null;
    }
}
