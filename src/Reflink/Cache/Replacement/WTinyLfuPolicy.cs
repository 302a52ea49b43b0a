using Reflink.Units;

namespace Reflink.Cache.Replacement;

/// <summary>
/// W-TinyLFU: a small window (1 %) by least recent use in front of a main part, a segmented LRU of a probation (20 %) and a protected
/// segment. What leaves the window takes the place of the main part's victim only if it was seen more often, as a sketch of frequencies says.
/// <code>
///   new ──► window ── seen more often than the victim ──► probation ── used ──► protected
///              └─ no: leaves                    leaves ◄──┘   ◄── too many ───┘
/// </code>
/// </summary>
/// <remarks>
/// Source: G. Einziger, R. Friedman, B. Manes, TinyLFU: a highly efficient cache admission policy, ACM TOS 13(4), 2017.
/// Deviations: as in the simulator that it is compared with, without a doorkeeper, with a count for each hit of the main part, each
/// coming in and each contest, and counts halved every 32 accesses a page; until the main part is full all come in.
/// </remarks>
public sealed class WTinyLfuPolicy : IReplacementPolicy
{
    private const int AccessesAPage = 32;

    private readonly FrameList[] _segments;
    private readonly FrameStates<byte> _segmentOf = new();
    private readonly FrameStates<ulong> _keys = new();
    private readonly FrequencySketch _seen;
    private readonly int _main;
    private readonly int _probation;
    private readonly int _protected;
    private long _accesses;

    /// <summary>Makes a policy that knows no frames yet.</summary>
    /// <param name="pages">Pages of memory.</param>
    public WTinyLfuPolicy(int pages)
    {
        var links = new FrameLinks();
        _segments = [new FrameList(links), new FrameList(links), new FrameList(links)];
        _main = pages - (pages / 100);
        (_probation, _protected) = (_main / 5, (int)(_main * 4L / 5));
        _seen = new FrequencySketch(_main);
    }

    /// <inheritdoc/>
    public string Name => "wtinylfu";

    private FrameList Window => _segments[0];

    private FrameList Probation => _segments[1];

    private FrameList Protected => _segments[2];

    /// <inheritdoc/>
    public Admission Inserted(Folio folio, in PageLabel label, AccessKind access, GroupId group)
    {
        var frame = folio.First;
        _keys.Reach(frame);
        _segmentOf.Reach(frame);
        (_keys[frame], _segmentOf[frame]) = (GhostList.KeyOf(label), 0);
        Window.AddNewest(frame);
        _seen.Add(_keys[frame]);
        Age();
        return Admission.New;
    }

    /// <inheritdoc/>
    public void Touched(FrameNumber frame, AccessKind access, GroupId group)
    {
        ref var segment = ref _segmentOf[frame];
        if (segment != 1)
        {
            _segments[segment].MoveToNewest(frame);
        }
        else
        {
            Probation.Remove(frame);
            Put(frame, 2);
            if (Protected.Count > _protected && Protected.TryTakeOldest(out var cooled))
            {
                Put(cooled, 1);
            }
        }

        if (segment != 0)
        {
            _seen.Add(_keys[frame]);
        }

        Age();
    }

    /// <inheritdoc/>
    public void Removed(FrameNumber frame) => _segments[_segmentOf[frame]].Remove(frame);

    /// <inheritdoc/>
    public int Reclaim(int target, GroupId group, Span<FrameNumber> chosen)
    {
        var count = 0;
        while (count < target && Window.Count + Probation.Count + Protected.Count > 0)
        {
            if (!Window.TryTakeOldest(out var candidate))
            {
                chosen[count++] = TakeMainVictim();
                continue;
            }

            if (Probation.Count + Protected.Count < _main)
            {
                Put(candidate, LowestWithRoom);
            }
            else
            {
                chosen[count++] = Contest(candidate);
            }

            _seen.Add(_keys[candidate]);
        }

        return count;
    }

    private void Age()
    {
        if (++_accesses >= (long)AccessesAPage * _main)
        {
            _accesses = 0;
            _seen.Age();
        }
    }

    private int LowestWithRoom => Probation.Count < _probation || Protected.Count >= _protected ? 1 : 2;

    // Who leaves: the candidate, or the main part's victim, whose place it takes.
    private FrameNumber Contest(FrameNumber candidate)
    {
        _ = (Probation.Count > 0 ? Probation : Protected).TryPeekOldest(out var victim);
        if (_seen.Estimate(_keys[candidate]) <= _seen.Estimate(_keys[victim]))
        {
            return candidate;
        }

        _ = TakeMainVictim();
        Put(candidate, LowestWithRoom);
        return victim;
    }

    private FrameNumber TakeMainVictim()
    {
        (Probation.Count > 0 ? Probation : Protected).TryTakeOldest(out var victim);
        return victim;
    }

    private void Put(FrameNumber frame, int segment)
    {
        _segmentOf[frame] = (byte)segment;
        _segments[segment].AddNewest(frame);
    }
}
