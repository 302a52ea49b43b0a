using Reflink.Units;

namespace Reflink.Cache.Replacement;

/// <summary>
/// CLOCK, or second chance: frames stand in a circle, each with one bit that use sets. The hand goes round; a frame whose
/// bit is set loses the bit and stays, one whose bit is clear leaves.
/// </summary>
/// <remarks>
/// Source: F. J. Corbató, A paging experiment with the Multics system, 1968 (In Honor of P. M. Morse, MIT Press, 1969).
/// Deviations: the circle is a queue whose head is under the hand: passing a frame moves it to the tail, which is the same order.
/// A frame comes in just behind the hand with its bit clear: the use that brought it in is no second one.
/// </remarks>
public sealed class ClockPolicy : IReplacementPolicy
{
    private readonly FrameList _circle = new();
    private ulong[] _used = new ulong[8];

    /// <inheritdoc/>
    public string Name => "clock";

    /// <inheritdoc/>
    public void Inserted(FrameNumber frame, in PageLabel label, AccessKind access, GroupId group)
    {
        if (frame.Value >> 6 >= _used.Length)
        {
            Array.Resize(ref _used, Math.Max((frame.Value >> 6) + 1, _used.Length * 2));
        }

        _ = TakeBit(frame);
        _circle.AddNewest(frame);
    }

    /// <inheritdoc/>
    public void Touched(FrameNumber frame, AccessKind access, GroupId group) => _used[frame.Value >> 6] |= 1ul << (frame.Value & 63);

    /// <inheritdoc/>
    public void Removed(FrameNumber frame) => _circle.Remove(frame);

    /// <inheritdoc/>
    public int Reclaim(int target, GroupId group, Span<FrameNumber> chosen)
    {
        var count = 0;
        while (count < target && _circle.TryTakeOldest(out var frame))
        {
            if (TakeBit(frame))
            {
                _circle.AddNewest(frame);
            }
            else
            {
                chosen[count++] = frame;
            }
        }

        return count;
    }

    private bool TakeBit(FrameNumber frame)
    {
        ref var word = ref _used[frame.Value >> 6];
        var bit = 1ul << (frame.Value & 63);
        var wasSet = (word & bit) != 0;
        word &= ~bit;
        return wasSet;
    }
}
