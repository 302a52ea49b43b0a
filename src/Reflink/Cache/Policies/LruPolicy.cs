using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache.Policies;

/// <summary>Least recently used: what was not used for the longest time leaves first.</summary>
/// <remarks>
/// Source: R. L. Mattson, J. Gecsei, D. R. Slutz, I. L. Traiger, Evaluation techniques for storage hierarchies, IBM Systems
/// Journal 9(2), 1970: the stack whose top is the page used last.
/// Deviations: coming in counts as use, and so does being put back by a cache that could not let go.
/// </remarks>
internal readonly struct LruPolicy() : IReplacementPolicy
{
    private readonly FrameList _stack = new();

    /// <inheritdoc/>
    public string Name => "lru";

    /// <inheritdoc/>
    public Admission Inserted(Folio folio, in PageLabel label, AccessKind access, GroupId group)
    {
        _stack.AddNewest(folio.First);
        return Admission.New;
    }

    /// <inheritdoc/>
    public void Touched(FrameNumber frame, AccessKind access, GroupId group) => _stack.MoveToNewest(frame);

    /// <inheritdoc/>
    public void Removed(FrameNumber frame) => _stack.Remove(frame);

    /// <inheritdoc/>
    public int Reclaim(int target, GroupId group, Span<FrameNumber> chosen)
    {
        var count = 0;
        while (count < target && _stack.TryTakeOldest(out var frame))
        {
            chosen[count++] = frame;
        }

        return count;
    }
}
