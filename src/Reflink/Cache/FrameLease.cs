namespace Reflink.Cache;

/// <summary>Keeps one frame from being evicted until it is disposed. Leases end in the reverse order of their beginning.</summary>
internal readonly ref struct FrameLease
{
    private readonly FrameLeases _leases;
    private readonly FrameTable _frames;

    internal FrameLease(FrameLeases leases, FrameTable frames, FrameNumber frame)
    {
        (_leases, _frames, Frame) = (leases, frames, frame);
    }

    /// <summary>The frame that is kept.</summary>
    public FrameNumber Frame { get; }

    /// <summary>The frame's bytes.</summary>
    public Span<byte> Bytes => _frames.Bytes(Frame);

    /// <summary>Ends the lease.</summary>
    public void Dispose() => _leases.End(Frame);
}
