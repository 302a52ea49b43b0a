using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache.Policies;

/// <summary>
/// W-TinyLFU: a small window (1 %) by least recent use in front of a main part, a segmented LRU of a probation (20 %) and a protected
/// segment. What leaves the window takes the place of the main part's victim only if it was seen more often, as a sketch of frequencies says.
/// <code>
///   new ──► window ── seen more often than the victim ──► probation ── used ──► protected
///              └─ no ──► leaving ◄── victim, or too many ───┘   ◄── too many ───┘
/// </code>
/// </summary>
/// <remarks>
/// Source: G. Einziger, R. Friedman, B. Manes, TinyLFU: a highly efficient cache admission policy, ACM TOS 13(4), 2017.
/// Deviations, as in the simulator that it is compared with (libCacheSim, 2024-10): there is no doorkeeper; a page is counted when it
/// comes in, when it leaves the window and when it is used in the main part; counts are halved after 32 uses of the main part for each
/// of its pages; until the main part is full every page comes in; and one reclaim goes on until a page of the window loses its
/// contest or the window is empty. That simulator frees what lost at once. Here it waits in a list, first to leave, until
/// memory is wanted; used before, it begins anew in the window. So some uses that are misses there are hits here.
/// </remarks>
internal sealed class WTinyLfuPolicy : IReplacementPolicy
{
    private const int UsesAPage = 32;

    private readonly FrameList _window;
    private readonly FrameList _probation;
    private readonly FrameList _protected;
    private readonly FrameList _leaving;
    private readonly FrameStates<Segment> _segmentOf = new();
    private readonly FrameStates<ulong> _keys = new();
    private readonly FrequencySketch _seen;
    private readonly int _main;
    private readonly int _mostOnProbation;
    private readonly int _mostProtected;
    private long _uses;

    /// <summary>Makes a policy that knows no frames yet.</summary>
    /// <param name="pages">Pages of memory.</param>
    public WTinyLfuPolicy(int pages)
    {
        var links = new FrameLinks();
        (_window, _probation, _protected, _leaving) = (new(links), new(links), new(links), new(links));
        _main = pages - (pages / 100);
        (_mostOnProbation, _mostProtected) = (_main / 5, (int)(_main * 4L / 5));
        _seen = new FrequencySketch(_main);
    }

    private enum Segment : byte
    {
        Window, Probation, Protected, Leaving,
    }

    /// <inheritdoc/>
    public string Name => "wtinylfu";

    private bool IsEmpty => _window.Count + _probation.Count + _protected.Count + _leaving.Count == 0;

    /// <inheritdoc/>
    public Admission Inserted(Folio folio, in PageLabel label, AccessKind access, GroupId group)
    {
        var frame = folio.First;
        _keys.Reach(frame);
        _segmentOf.Reach(frame);
        _keys[frame] = GhostList.KeyOf(label);
        Begin(frame);
        return Admission.New;
    }

    /// <inheritdoc/>
    public void Touched(FrameNumber frame, AccessKind access, GroupId group)
    {
        switch (_segmentOf[frame])
        {
            case Segment.Window:
                _window.MoveToNewest(frame);
                break;
            case Segment.Leaving:
                _leaving.Remove(frame);
                Begin(frame);
                break;
            case Segment.Probation:
                _probation.Remove(frame);
                Put(frame, Segment.Protected);
                MakeRoomInProtected();
                CountUse(frame);
                break;
            default:
                _protected.MoveToNewest(frame);
                CountUse(frame);
                break;
        }
    }

    /// <inheritdoc/>
    public void Removed(FrameNumber frame) => ListOf(_segmentOf[frame]).Remove(frame);

    /// <inheritdoc/>
    public int Reclaim(int target, GroupId group, Span<FrameNumber> chosen)
    {
        var count = 0;
        while (count < target && !IsEmpty)
        {
            if (_leaving.TryTakeOldest(out var frame))
            {
                chosen[count++] = frame;
            }
            else
            {
                Contest();
            }
        }

        return count;
    }

    private void Begin(FrameNumber frame)
    {
        Put(frame, Segment.Window);
        _seen.Add(_keys[frame]);
    }

    private void CountUse(FrameNumber frame)
    {
        _seen.Add(_keys[frame]);
        if (++_uses >= (long)UsesAPage * _main)
        {
            _uses = 0;
            _seen.Age();
        }
    }

    // The two segments together hold a little less than the main part where it cannot be divided by five.
    private void MakeRoomInProtected()
    {
        if (_protected.Count > _mostProtected && _protected.TryTakeOldest(out var cooled))
        {
            Put(cooled, Segment.Probation);
            if (_probation.Count > _mostOnProbation)
            {
                Put(TakeMainVictim(), Segment.Leaving);
            }
        }
    }

    // Has at least one page leave.
    private void Contest()
    {
        for (var loses = false; !loses;)
        {
            if (!_window.TryTakeOldest(out var candidate))
            {
                Put(TakeMainVictim(), Segment.Leaving);
                return;
            }

            if (_probation.Count + _protected.Count >= _main)
            {
                loses = _seen.Estimate(_keys[candidate]) <= _seen.Estimate(_keys[MainVictim]);
                Put(loses ? candidate : TakeMainVictim(), Segment.Leaving);
            }

            if (!loses)
            {
                Put(candidate, _probation.Count < _mostOnProbation || _protected.Count >= _mostProtected ? Segment.Probation : Segment.Protected);
            }

            _seen.Add(_keys[candidate]);
        }
    }

    private FrameList MainList => _probation.Count > 0 ? _probation : _protected;

    private FrameNumber MainVictim
    {
        get
        {
            _ = MainList.TryPeekOldest(out var victim);
            return victim;
        }
    }

    private FrameNumber TakeMainVictim()
    {
        _ = MainList.TryTakeOldest(out var victim);
        return victim;
    }

    private FrameList ListOf(Segment segment) => segment switch
    {
        Segment.Window => _window,
        Segment.Probation => _probation,
        Segment.Protected => _protected,
        _ => _leaving,
    };

    private void Put(FrameNumber frame, Segment segment)
    {
        _segmentOf[frame] = segment;
        ListOf(segment).AddNewest(frame);
    }
}
