namespace Reflink.Cache;

/// <summary>The frames that an operation under way keeps in memory: three at the most, and leases end in the reverse order of their beginning.</summary>
internal sealed class FrameLeases(FrameTable frames)
{
    private readonly FrameNumber[] _leased = new FrameNumber[3];
    private int _count;

    /// <summary>Keeps a frame from being evicted until the lease is disposed.</summary>
    public FrameLease Begin(FrameNumber frame)
    {
        Invariant.Check(_count < _leased.Length);
        _leased[_count++] = frame;
        return new FrameLease(this, frames, frame);
    }

    /// <summary>Ends the lease that began last, which must be of this frame.</summary>
    public void End(FrameNumber frame)
    {
        Invariant.Check(_count > 0 && _leased[_count - 1] == frame);
        _count--;
    }

    /// <summary>Whether the frame must stay.</summary>
    public bool Contains(FrameNumber frame) => _leased.AsSpan(0, _count).Contains(frame);
}
