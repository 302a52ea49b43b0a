using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache.Policies;

/// <summary>
/// Belady's optimum (MIN): the page leaves whose next use is the farthest away. It needs the future, so it runs on traces only, and
/// is the bound of what any policy can reach.
/// </summary>
/// <remarks>
/// Source: L. A. Belady, A study of replacement algorithms for a virtual-storage computer, IBM Systems Journal 5(2), 1966.
/// Deviations: none. A page that is never used again comes in all the same (demand paging), and is the next to leave.
/// </remarks>
/// <param name="nextUse">Asked once for each access, in order: when its page is used next, in accesses; <see cref="long.MaxValue"/>: never.</param>
public sealed class BeladyPolicy(Func<long> nextUse) : IReplacementPolicy
{
    // The farthest use is the least of the negated ones.
    private readonly FrameHeap _order = new();
    private readonly Func<long> _nextUse = nextUse ?? throw new ArgumentNullException(nameof(nextUse));

    /// <inheritdoc/>
    public string Name => "belady";

    /// <inheritdoc/>
    public Admission Inserted(Folio folio, in PageLabel label, AccessKind access, GroupId group)
    {
        _order.Add(folio.First, -_nextUse());
        return Admission.New;
    }

    /// <inheritdoc/>
    public void Touched(FrameNumber frame, AccessKind access, GroupId group) => _order.Update(frame, -_nextUse());

    /// <inheritdoc/>
    public void Removed(FrameNumber frame) => _order.Remove(frame);

    /// <inheritdoc/>
    public int Reclaim(int target, GroupId group, Span<FrameNumber> chosen)
    {
        var count = 0;
        while (count < target && _order.TryTakeLeast(out chosen[count]))
        {
            count++;
        }

        return count;
    }
}
