using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache.Policies;

/// <summary>First in, first out: what came into memory first leaves it first, used or not.</summary>
/// <remarks>
/// Source: L. A. Belady, A study of replacement algorithms for a virtual-storage computer, IBM Systems Journal 5(2), 1966.
/// Deviations: none. A frame that could not leave stands in line again as the newest.
/// </remarks>
internal readonly struct FifoPolicy() : IReplacementPolicy
{
    private readonly FrameList _queue = new();

    /// <inheritdoc/>
    public string Name => "fifo";

    /// <inheritdoc/>
    public Admission Inserted(Folio folio, in PageLabel label, AccessKind access, GroupId group)
    {
        _queue.AddNewest(folio.First);
        return Admission.New;
    }

    /// <inheritdoc/>
    public void Touched(FrameNumber frame, AccessKind access, GroupId group)
    {
        // Use does not matter to a queue.
    }

    /// <inheritdoc/>
    public void Removed(FrameNumber frame) => _queue.Remove(frame);

    /// <inheritdoc/>
    public int Reclaim(int target, GroupId group, Span<FrameNumber> chosen)
    {
        var count = 0;
        while (count < target && _queue.TryTakeOldest(out var frame))
        {
            chosen[count++] = frame;
        }

        return count;
    }
}
