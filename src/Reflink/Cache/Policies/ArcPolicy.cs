using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache.Policies;

/// <summary>
/// ARC: pages used once (T1) and more than once (T2), both by least recent use, with ghosts of what left each (B1, B2). A page that
/// comes back as a ghost of B1 says that T1 was too small, one of B2 that T2 was; the wanted size of T1 follows.
/// </summary>
/// <remarks>
/// Source: N. Megiddo, D. S. Modha, ARC: a self-tuning, low overhead replacement cache, FAST 2003, figure 4.
/// Deviations: room is made before the page that comes in is known, so the wanted size follows one miss later, and REPLACE does
/// not know whether the page is in B2.
/// </remarks>
internal sealed class ArcPolicy : IReplacementPolicy
{
    private readonly FrameList _once;
    private readonly FrameList _often;
    private readonly GhostList _onceGhosts;
    private readonly GhostList _oftenGhosts;
    private readonly FrameStates<ulong> _keys = new();
    private readonly FrameBits _isOften = new();
    private readonly int _pages;

    // p of the paper: the wanted size of T1.
    private long _wanted;

    /// <summary>Makes a policy that knows no frames yet.</summary>
    /// <param name="pages">Pages of memory; as many ghosts are kept, in both lists together.</param>
    public ArcPolicy(int pages)
    {
        var links = new FrameLinks();
        (_once, _often, _pages) = (new FrameList(links), new FrameList(links), pages);
        (_onceGhosts, _oftenGhosts) = (new GhostList(pages), new GhostList(pages));
    }

    /// <inheritdoc/>
    public string Name => "arc";

    /// <inheritdoc/>
    public Admission Inserted(Folio folio, in PageLabel label, AccessKind access, GroupId group)
    {
        var frame = folio.First;
        _keys.Reach(frame);
        _isOften.Reach(frame);
        var key = _keys[frame] = GhostList.KeyOf(label);
        if (IsBack(key))
        {
            _isOften.Set(frame);
            _often.AddNewest(frame);
            return Admission.Activated;
        }

        _ = _isOften.Take(frame);
        _once.AddNewest(frame);
        Forget();
        return Admission.New;
    }

    /// <inheritdoc/>
    public void Touched(FrameNumber frame, AccessKind access, GroupId group)
    {
        if (_isOften[frame])
        {
            _often.MoveToNewest(frame);
        }
        else
        {
            _isOften.Set(frame);
            _once.Remove(frame);
            _often.AddNewest(frame);
        }
    }

    /// <inheritdoc/>
    public void Removed(FrameNumber frame) => (_isOften[frame] ? _often : _once).Remove(frame);

    /// <inheritdoc/>
    public int Reclaim(int target, GroupId group, Span<FrameNumber> chosen)
    {
        var count = 0;
        for (; count < target && _once.Count + _often.Count > 0; count++)
        {
            var isOnce = _often.Count == 0 || (_once.Count > 0 && _once.Count > _wanted);
            (isOnce ? _once : _often).TryTakeOldest(out chosen[count]);
            var key = _keys[chosen[count]];
            _ = _onceGhosts.Remove(key, out _) || _oftenGhosts.Remove(key, out _);
            _ = (isOnce ? _onceGhosts : _oftenGhosts).Add(key);
        }

        Forget();
        return count;
    }

    // Cases II and III.
    private bool IsBack(ulong key)
    {
        var (once, often) = (_onceGhosts.Count, _oftenGhosts.Count);
        if (_onceGhosts.Remove(key, out _))
        {
            _wanted = Math.Min(_pages, _wanted + Math.Max(1, often / once));
            return true;
        }

        if (_oftenGhosts.Remove(key, out _))
        {
            _wanted = Math.Max(0, _wanted - Math.Max(1, once / often));
            return true;
        }

        return false;
    }

    // Case IV: T1 and B1 have as many pages as memory at most, all four twice as many.
    private void Forget()
    {
        while (_onceGhosts.Count > 0 && _once.Count + _onceGhosts.Count > _pages)
        {
            _onceGhosts.DropOldest();
        }

        while (_oftenGhosts.Count > 0 && _once.Count + _often.Count + _onceGhosts.Count + _oftenGhosts.Count > 2L * _pages)
        {
            _oftenGhosts.DropOldest();
        }
    }
}
