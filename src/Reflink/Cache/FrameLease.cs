using Reflink.Units;

namespace Reflink.Cache;

/// <summary>Keeps one frame from being evicted until it is disposed. Leases end in the reverse order of their beginning.</summary>
internal readonly ref struct FrameLease
{
    private readonly PageCache _cache;

    internal FrameLease(PageCache cache, FrameNumber frame)
    {
        _cache = cache;
        Frame = frame;
    }

    /// <summary>The frame that is kept.</summary>
    public FrameNumber Frame { get; }

    /// <summary>The frame's bytes.</summary>
    public Span<byte> Bytes => _cache.Frames.Bytes(Frame);

    /// <summary>Ends the lease.</summary>
    public void Dispose() => _cache.EndLease(Frame);
}
