using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache.Policies;

/// <summary>
/// LRU-K for K = 2: the page leaves whose last use but one is the longest ago. Pages that were used once leave before all others,
/// by least recent use. The last use of a page that left is remembered for a while, so that a page can be used a second time after it left.
/// </summary>
/// <remarks>
/// Source: E. J. O'Neil, P. E. O'Neil, G. Weikum, The LRU-K page replacement algorithm for database disk buffering, SIGMOD 1993.
/// Deviations: time is counted in uses; the correlated reference period is 0; the histories of half as many pages as memory has are
/// retained, rather than for a period of time.
/// </remarks>
internal sealed class LrukPolicy : IReplacementPolicy
{
    // Pages with two uses stand behind all those with one.
    private const long UsedTwice = 1L << 62;

    private readonly FrameHeap _order = new();
    private readonly FrameStates<History> _histories = new();
    private readonly GhostList _retained;
    private readonly FrameStates<long> _retainedLast = new();
    private long _now;

    /// <summary>Makes a policy that knows no frames yet.</summary>
    /// <param name="pages">Pages of memory.</param>
    public LrukPolicy(int pages) => _retained = new GhostList(pages / 2);

    /// <inheritdoc/>
    public string Name => "lruk";

    /// <inheritdoc/>
    public Admission Inserted(Folio folio, in PageLabel label, AccessKind access, GroupId group)
    {
        _histories.Reach(folio.First);
        ref var history = ref _histories[folio.First];
        (history.Key, history.Last) = (GhostList.KeyOf(label), ++_now);
        var isKnown = _retained.Remove(history.Key, out var ghost);
        _order.Add(folio.First, isKnown ? UsedTwice + _retainedLast.At(ghost) : _now);
        return isKnown ? Admission.Refault : Admission.New;
    }

    /// <inheritdoc/>
    public void Touched(FrameNumber frame, AccessKind access, GroupId group)
    {
        ref var last = ref _histories[frame].Last;
        _order.Update(frame, UsedTwice + last);
        last = ++_now;
    }

    /// <inheritdoc/>
    public void Removed(FrameNumber frame) => _order.Remove(frame);

    /// <inheritdoc/>
    public int Reclaim(int target, GroupId group, Span<FrameNumber> chosen)
    {
        var count = 0;
        for (; count < target && _order.TryTakeLeast(out chosen[count]); count++)
        {
            ref readonly var history = ref _histories[chosen[count]];
            _ = _retained.Remove(history.Key, out _);
            if (_retained.Add(history.Key) is >= 0 and var ghost)
            {
                _retainedLast.Reach(ghost);
                _retainedLast.At(ghost) = history.Last;
            }
        }

        return count;
    }

    private struct History
    {
        public ulong Key;
        public long Last;
    }
}
