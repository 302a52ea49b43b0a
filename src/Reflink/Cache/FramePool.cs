using Reflink.Units;

namespace Reflink.Cache;

/// <summary>
/// The free frames: those given back come first, the last first, then the lowest that was never used, so that little is
/// touched. What was given back is a chain through the frames themselves.
/// </summary>
internal sealed class FramePool(FrameTable frames)
{
    // Plus one; 0 when there is none.
    private int _returned;

    /// <summary>Frames from here on have never been used.</summary>
    public int HighWater { get; private set; }

    public bool HasFree => _returned != 0 || HighWater < frames.Count;

    public bool TryTake(out FrameNumber frame)
    {
        if (_returned != 0)
        {
            frame = new FrameNumber(_returned - 1);
            _returned = frames[frame].Next;
            return true;
        }

        frame = new FrameNumber(HighWater);
        if (HighWater == frames.Count)
        {
            return false;
        }

        HighWater++;
        return true;
    }

    public void Return(FrameNumber frame)
    {
        frames[frame].Next = _returned;
        _returned = frame.Value + 1;
    }
}
