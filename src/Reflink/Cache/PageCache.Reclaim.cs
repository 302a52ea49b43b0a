using Reflink.Units;

namespace Reflink.Cache;

/// <content>What leaves memory: eviction, reclaim.</content>
public sealed partial class PageCache
{
    // Why a frame could not be written for the present reclaim.
    private ReflinkException? _refusal;

    // Chosen by the present reclaim, and could not leave.
    private readonly List<FrameNumber> _putBack = [];

    /// <summary>Drops every clean frame, as writing 1 to /proc/sys/vm/drop_caches does; returns how many.</summary>
    internal int DropClean()
    {
        RequireOn();
        var dropped = 0;
        for (var n = 0; n < _pool.HighWater; n++)
        {
            ref var frame = ref Frames[new FrameNumber(n)];
            if (!frame.Block.IsZero && (frame.Flags & FrameFlags.Dirty) == 0 && TryEvict(new FrameNumber(n)))
            {
                dropped++;
            }
        }

        return dropped;
    }

    /// <summary>Evicts one frame if it holds a block, is not leased or on its way to the store, and may leave memory.</summary>
    internal bool TryEvict(FrameNumber number)
    {
        ref var frame = ref Frames[number];
        if (frame.Block.IsZero || IsLeased(number) || (frame.Flags & FrameFlags.Writeback) != 0)
        {
            return false;
        }

        if ((frame.Flags & FrameFlags.Dirty) != 0)
        {
            var swaps = frame.Block.Kind == BlockKind.Anonymous;
            if ((swaps && _swap.IsFull) || !TryClean(number))
            {
                return false;
            }

            if (swaps)
            {
                _swap.Enter();
            }
        }

        _changes.Stamp(ref frame.Changed, Rule.Evicted);
        Forget(number);
        Evictions++;
        return true;
    }

    /// <summary>Lets everything that registered give memory back, however much it is.</summary>
    internal int ShrinkAll() => Shrink(int.MaxValue);

    private FrameNumber TakeFrame()
    {
        if (!_pool.TryTake(PreferredNode, out var frame))
        {
            Reclaim();
            Invariant.Check(_pool.TryTake(PreferredNode, out frame));
        }

        return frame;
    }

    // Unused things that can be made again go first; then the policy chooses, a batch at a time. What may not leave (leased, or
    // anonymous with swap full) is put back at the end, so that every resident frame is looked at once before giving up.
    private void Reclaim()
    {
        Shrink(_victims.Length);
        _refusal = null;
        try
        {
            while (!_pool.HasFree)
            {
                var chosen = Choose();
                foreach (var victim in _victims.AsSpan(0, chosen))
                {
                    Frames[victim].Flags &= ~FrameFlags.Listed;
                    if (!TryEvict(victim))
                    {
                        _putBack.Add(victim);
                    }
                }

                if (!_pool.HasFree && chosen == 0)
                {
                    throw NothingLeaves();
                }
            }
        }
        finally
        {
            foreach (var frame in _putBack)
            {
                Enlist(frame, AccessKind.Read);
            }

            _putBack.Clear();
        }
    }

    // Derived frames first, if they are known to be cheap.
    private int Choose() => _recipes?.Reclaim(_victims.Length, default, _victims) is { } cheap and > 0
        ? cheap
        : _policy.Reclaim(_victims.Length, default, _victims);

    // Where memory is full of what only a disk could take, it is the disk that is short.
    private ReflinkException NothingLeaves() => _refusal is { } refusal
        ? new(refusal.Error, $"{refusal.Reason} ({DirtyFrames} of {Frames.Count} frames of memory wait for that)", refusal)
        : new(Errno.ENOMEM, $"no frame of {Frames.Count} can be reclaimed: {Resident} resident, swap {_swap.Used} of {_swap.Capacity} pages; give the machine more memory or swap");

    private int Shrink(int target)
    {
        var freed = 0;
        foreach (var shrinker in _shrinkers)
        {
            freed += shrinker.Shrink(target);
        }

        return freed;
    }

    // Without swap an anonymous page never leaves memory, so the policy need not know it (Linux's unevictable list).
    private void Enlist(FrameNumber number, AccessKind access)
    {
        ref var frame = ref Frames[number];
        if (frame.Block.Kind == BlockKind.Anonymous && _swap.Capacity == 0)
        {
            return;
        }

        frame.Flags |= FrameFlags.Listed;
        _ = PolicyOf(frame.Block).Inserted(new Folio(number), Frames.Label(number), access, frame.Group);
    }

    // What the store does not take stays in memory, dirty, and whoever needed the frame looks for another.
    private bool TryClean(FrameNumber number)
    {
        try
        {
            Clean(new ReadOnlySpan<FrameNumber>(in number));
            return true;
        }
        catch (ReflinkException e) when (e.Error is Errno.ENOSPC or Errno.EIO)
        {
            _refusal = e;
            return false;
        }
    }
}
