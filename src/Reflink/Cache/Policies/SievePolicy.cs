using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache.Policies;

/// <summary>
/// SIEVE: a queue with one bit a frame and a hand that goes from the oldest to the newest and back to the oldest. A frame with its
/// bit set loses the bit and stays where it is, one without leaves; so new pages are sifted out quickly, and nothing moves.
/// </summary>
/// <remarks>
/// Source: Y. Zhang, J. Yang, Y. Yue, Y. Vigfusson, K. V. Rashmi, SIEVE is simpler than LRU, NSDI 2024, algorithm 1.
/// Deviations: none. A frame that could not leave comes in again as the newest.
/// </remarks>
internal struct SievePolicy() : IReplacementPolicy
{
    private readonly FrameList _queue = new();
    private readonly FrameBits _visited = new();

    // The frame to look at next; none: the oldest.
    private FrameNumber _hand;
    private bool _hasHand;

    /// <inheritdoc/>
    public readonly string Name => "sieve";

    /// <inheritdoc/>
    public readonly Admission Inserted(Folio folio, in PageLabel label, AccessKind access, GroupId group)
    {
        _visited.Reach(folio.First);
        _ = _visited.Take(folio.First);
        _queue.AddNewest(folio.First);
        return Admission.New;
    }

    /// <inheritdoc/>
    public readonly void Touched(FrameNumber frame, AccessKind access, GroupId group) => _visited.Set(frame);

    /// <inheritdoc/>
    public void Removed(FrameNumber frame)
    {
        if (_hasHand && _hand == frame)
        {
            _hasHand = _queue.TryNewer(frame, out _hand);
        }

        _queue.Remove(frame);
    }

    /// <inheritdoc/>
    public int Reclaim(int target, GroupId group, Span<FrameNumber> chosen)
    {
        var count = 0;
        while (count < target && (_hasHand || _queue.TryPeekOldest(out _hand)))
        {
            var frame = _hand;
            _hasHand = _queue.TryNewer(frame, out _hand);
            if (!_visited.Take(frame))
            {
                _queue.Remove(frame);
                chosen[count++] = frame;
            }
        }

        return count;
    }
}
