using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache.Policies;

/// <summary>
/// S3-FIFO: three queues. What is new goes into a small one, from which only what was used more than once since goes on into the
/// main one; the rest leaves, and its ghost is kept in the third. A page whose ghost is there comes into the main queue at once.
/// There a frame that was used goes round again, for each use once, three times at most.
/// <code>
///   new ──► small (10 %) ── used twice ──► main (90 %) ──┐ used: again
///              └─ no: leaves ─► ghosts ── back ─►  ▲ ◄───┘  └─ no: leaves
/// </code>
/// </summary>
/// <remarks>
/// Source: J. Yang, Y. Zhang, Z. Qiu, Y. Yue, K. V. Rashmi, FIFO queues are all you need for cache eviction, SOSP 2023.
/// Deviations: a page needs two uses in the small queue, as in the authors' simulator (the paper: more than one). As many
/// ghosts as the main queue has pages. A page's ghost is looked for after room was made for it, not before.
/// </remarks>
internal readonly struct S3FifoPolicy : IReplacementPolicy
{
    private const byte UsesToStay = 2;
    private const byte MaxUses = 3;
    private const byte InMain = 0x80;

    private readonly FrameList _small;
    private readonly FrameList _main;
    private readonly GhostList _ghosts;
    private readonly FrameStates<ulong> _keys;

    // Uses since the frame came into its queue, and which queue that is.
    private readonly FrameStates<byte> _uses;
    private readonly int _mainSize;

    /// <summary>Makes a policy that knows no frames yet.</summary>
    /// <param name="pages">Pages of memory, of which a tenth is the small queue's.</param>
    public S3FifoPolicy(int pages)
    {
        var links = new FrameLinks();
        (_small, _main, _keys, _uses) = (new FrameList(links), new FrameList(links), new(), new());
        _mainSize = pages - (pages / 10);
        _ghosts = new GhostList((int)(pages * 9L / 10));
    }

    /// <inheritdoc/>
    public string Name => "s3fifo";

    /// <inheritdoc/>
    public Admission Inserted(Folio folio, in PageLabel label, AccessKind access, GroupId group)
    {
        var frame = folio.First;
        var key = GhostList.KeyOf(label);
        _keys.Reach(frame);
        _uses.Reach(frame);
        _keys[frame] = key;
        var isBack = _ghosts.Remove(key, out _);
        if (isBack)
        {
            _uses[frame] = InMain;
            _main.AddNewest(frame);
        }
        else
        {
            _uses[frame] = 0;
            _small.AddNewest(frame);
        }

        return isBack ? Admission.Activated : Admission.New;
    }

    /// <inheritdoc/>
    public void Touched(FrameNumber frame, AccessKind access, GroupId group)
    {
        ref var uses = ref _uses[frame];
        if ((uses & ~InMain) < MaxUses)
        {
            uses++;
        }
    }

    /// <inheritdoc/>
    public void Removed(FrameNumber frame) => ((_uses[frame] & InMain) != 0 ? _main : _small).Remove(frame);

    /// <inheritdoc/>
    public int Reclaim(int target, GroupId group, Span<FrameNumber> chosen)
    {
        var count = 0;
        while (count < target && _small.Count + _main.Count > 0)
        {
            if (_main.Count > _mainSize || _small.Count == 0 ? TryTakeMain(out var frame) : TryTakeSmall(out frame))
            {
                chosen[count++] = frame;
            }
        }

        return count;
    }

    private bool TryTakeSmall(out FrameNumber frame)
    {
        while (_small.TryTakeOldest(out frame))
        {
            if (_uses[frame] < UsesToStay)
            {
                _ = _ghosts.Remove(_keys[frame], out _);
                _ = _ghosts.Add(_keys[frame]);
                return true;
            }

            _uses[frame] = InMain;
            _main.AddNewest(frame);
        }

        return false;
    }

    private bool TryTakeMain(out FrameNumber frame)
    {
        while (_main.TryTakeOldest(out frame))
        {
            if (_uses[frame] == InMain)
            {
                return true;
            }

            _uses[frame]--;
            _main.AddNewest(frame);
        }

        return false;
    }
}
