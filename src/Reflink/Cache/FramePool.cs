using Reflink.Units;

namespace Reflink.Cache;

/// <summary>The free frames: those given back come first, then the lowest that was never used, so that little is touched.</summary>
internal sealed class FramePool(int count)
{
    private int[] _returned = new int[16];
    private int _top;

    /// <summary>Frames from here on have never been used.</summary>
    public int HighWater { get; private set; }

    public bool HasFree => _top > 0 || HighWater < count;

    public bool TryTake(out FrameNumber frame)
    {
        if (_top > 0)
        {
            frame = new FrameNumber(_returned[--_top]);
            return true;
        }

        frame = new FrameNumber(HighWater);
        if (HighWater == count)
        {
            return false;
        }

        HighWater++;
        return true;
    }

    public void Return(FrameNumber frame)
    {
        if (_top == _returned.Length)
        {
            Array.Resize(ref _returned, _top * 2);
        }

        _returned[_top++] = frame.Value;
    }
}
