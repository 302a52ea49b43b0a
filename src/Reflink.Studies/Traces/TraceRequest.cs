using Reflink.Cache;
using Reflink.Cache.Simulation;
using Reflink.Units;

namespace Reflink.Studies.Traces;

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

    /// <summary>The pages that bytes of a file lie in.</summary>
    /// <exception cref="ReflinkException">EINVAL: the file or the offset is out of range.</exception>
    public static TraceRequest OfBytes(int file, long offset, long length, AccessKind kind)
    {
        if (length <= 0)
        {
            return default;
        }

        if (offset < 0 || offset > (1L << 52) - length)
        {
            throw new ReflinkException(Errno.EINVAL, $"{length} bytes at {offset}; a file of a trace has 4 PiB at the most");
        }

        var first = offset >> Page.Shift;
        return new TraceRequest(PageKey.Of(file, new PageIndex(first)), ((offset + length - 1) >> Page.Shift) - first + 1, kind);
    }
}
