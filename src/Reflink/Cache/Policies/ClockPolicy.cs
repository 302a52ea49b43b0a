using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache.Policies;

/// <summary>
/// CLOCK, or second chance: frames stand in a circle, each with one bit that use sets. The hand goes round; a frame whose
/// bit is set loses the bit and stays, one whose bit is clear leaves.
/// </summary>
/// <remarks>
/// Source: F. J. Corbató, A paging experiment with the Multics system, 1968 (In Honor of P. M. Morse, MIT Press, 1969).
/// Deviations: the circle is a queue whose head is under the hand: passing a frame moves it to the tail, which is the same order.
/// A frame comes in just behind the hand with its bit clear: the use that brought it in is no second one.
/// </remarks>
internal readonly struct ClockPolicy() : IReplacementPolicy
{
    private readonly FrameList _circle = new();
    private readonly FrameBits _used = new();

    /// <inheritdoc/>
    public string Name => "clock";

    /// <inheritdoc/>
    public Admission Inserted(Folio folio, in PageLabel label, AccessKind access, GroupId group)
    {
        _used.Reach(folio.First);
        _ = _used.Take(folio.First);
        _circle.AddNewest(folio.First);
        return Admission.New;
    }

    /// <inheritdoc/>
    public void Touched(FrameNumber frame, AccessKind access, GroupId group) => _used.Set(frame);

    /// <inheritdoc/>
    public void Removed(FrameNumber frame) => _circle.Remove(frame);

    /// <inheritdoc/>
    public int Reclaim(int target, GroupId group, Span<FrameNumber> chosen)
    {
        var count = 0;
        while (count < target && _circle.TryTakeOldest(out var frame))
        {
            if (_used.Take(frame))
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
}
