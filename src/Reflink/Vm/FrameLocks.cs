using System.Collections;
using Reflink.Cache;

namespace Reflink.Vm;

/// <summary>
/// Which frames are locked because a locked mapping shows them. A frame is locked when it is faulted in. Whether it still is, is found out anew where that
/// matters, by a walk over all locked mappings, for a frame does not know who maps it: at once when a mapping is unlocked or goes away, and
/// before the next reclaim when a page of a locked mapping was replaced by another.
/// </summary>
internal sealed class FrameLocks(ProcessTable processes, PageCache cache)
{
    private bool _isStale;

    /// <summary>Locks the frame that a locked mapping shows at a page.</summary>
    public void Lock(FrameNumber frame)
    {
        if (frame != cache.Frames.Zero && (cache.Frames[frame].Flags & FrameFlags.Locked) == 0)
        {
            cache.Lists.Lock(frame);
        }
    }

    /// <summary>A page of a locked mapping was led to a frame, and perhaps away from another.</summary>
    public void Replace(Entry old, FrameNumber frame)
    {
        _isStale |= !old.IsEmpty && old.Frame != frame;
        Lock(frame);
    }

    /// <summary>Unlocks the frames that no locked mapping shows any more.</summary>
    public void Recount()
    {
        _isStale = false;
        var locked = new BitArray(cache.HighWater);
        foreach (var vma in processes.Alive.SelectMany(p => p.Memory.Mappings).Where(vma => vma.IsLocked))
        {
            Find(vma, locked);
        }

        for (var n = 0; n < locked.Length; n++)
        {
            var frame = new FrameNumber(n);
            if (!locked[n] && (cache.Frames[frame].Flags & FrameFlags.Locked) != 0)
            {
                cache.Lists.Unlock(frame);
            }
        }
    }

    /// <summary>Does so if a page of a locked mapping was replaced since.</summary>
    public void Refresh()
    {
        if (_isStale)
        {
            Recount();
        }
    }

    private void Find(Vma vma, BitArray locked)
    {
        for (var page = vma.Start; page < vma.End; page += 1)
        {
            var at = vma.PageOf(page);
            if (vma.TryResolve(at, out var owner, out var block) && !block.IsZero
                && cache.TryPeek(block, new PageLabel(owner.Number, at), out var frame))
            {
                locked[frame.Value] = true;
            }
        }
    }
}
