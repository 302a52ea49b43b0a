using Reflink.Units;

namespace Reflink.Cache.Replacement;

/// <summary>A doubly linked list of frames, in two growing arrays indexed by frame number: no node objects.</summary>
public sealed class FrameList
{
    // Position 0 is the list's own end; frame f is at f + 1.
    private int[] _newer = new int[17];
    private int[] _older = new int[17];

    /// <summary>How many frames are in the list.</summary>
    public int Count { get; private set; }

    /// <summary>Puts a frame in as the newest.</summary>
    public void AddNewest(FrameNumber frame)
    {
        var at = frame.Value + 1;
        if (at >= _newer.Length)
        {
            var length = Math.Max(at + 1, _newer.Length * 2);
            Array.Resize(ref _newer, length);
            Array.Resize(ref _older, length);
        }

        var newest = _older[0];
        (_older[at], _newer[at]) = (newest, 0);
        _newer[newest] = at;
        _older[0] = at;
        Count++;
    }

    /// <summary>Takes a frame out.</summary>
    public void Remove(FrameNumber frame)
    {
        var at = frame.Value + 1;
        _newer[_older[at]] = _newer[at];
        _older[_newer[at]] = _older[at];
        Count--;
    }

    /// <summary>Takes the oldest frame out, if there is one.</summary>
    public bool TryTakeOldest(out FrameNumber frame)
    {
        frame = new FrameNumber(_newer[0] - 1);
        if (Count == 0)
        {
            return false;
        }

        Remove(frame);
        return true;
    }
}
