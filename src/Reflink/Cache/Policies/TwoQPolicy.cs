using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache.Policies;

/// <summary>
/// 2Q: what is new goes into a queue (A1in) in which use does not matter; what leaves it is remembered (A1out), and only a page that
/// comes back while it is remembered is put among the hot ones (Am), which are kept by least recent use.
/// </summary>
/// <remarks>
/// Source: T. Johnson, D. Shasha, 2Q: a low overhead high performance buffer management replacement algorithm, VLDB 1994, the full version.
/// Deviations: none; A1in holds a quarter of memory, A1out remembers half as many pages as memory has, as the authors recommend.
/// </remarks>
internal sealed class TwoQPolicy : IReplacementPolicy
{
    private readonly FrameList _in;
    private readonly FrameList _hot;
    private readonly GhostList _out;
    private readonly FrameStates<ulong> _keys = new();
    private readonly FrameBits _isHot = new();
    private readonly int _inSize;

    /// <summary>Makes a policy that knows no frames yet.</summary>
    /// <param name="pages">Pages of memory.</param>
    public TwoQPolicy(int pages)
    {
        var links = new FrameLinks();
        (_in, _hot, _out, _inSize) = (new FrameList(links), new FrameList(links), new GhostList(pages / 2), pages / 4);
    }

    /// <inheritdoc/>
    public string Name => "2q";

    /// <inheritdoc/>
    public Admission Inserted(Folio folio, in PageLabel label, AccessKind access, GroupId group)
    {
        var frame = folio.First;
        _keys.Reach(frame);
        _isHot.Reach(frame);
        _keys[frame] = GhostList.KeyOf(label);
        if (_out.Remove(_keys[frame], out _))
        {
            _isHot.Set(frame);
            _hot.AddNewest(frame);
            return Admission.Activated;
        }

        _ = _isHot.Take(frame);
        _in.AddNewest(frame);
        return Admission.New;
    }

    /// <inheritdoc/>
    public void Touched(FrameNumber frame, AccessKind access, GroupId group)
    {
        if (_isHot[frame])
        {
            _hot.MoveToNewest(frame);
        }
    }

    /// <inheritdoc/>
    public void Removed(FrameNumber frame) => (_isHot[frame] ? _hot : _in).Remove(frame);

    /// <inheritdoc/>
    public int Reclaim(int target, GroupId group, Span<FrameNumber> chosen)
    {
        var count = 0;
        for (; count < target && _in.Count + _hot.Count > 0; count++)
        {
            if (_in.Count > _inSize || _hot.Count == 0)
            {
                _in.TryTakeOldest(out chosen[count]);
                _ = _out.Remove(_keys[chosen[count]], out _);
                _ = _out.Add(_keys[chosen[count]]);
            }
            else
            {
                _hot.TryTakeOldest(out chosen[count]);
            }
        }

        return count;
    }
}
