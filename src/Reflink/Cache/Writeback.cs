using System.Buffers;
using Reflink.Cache.Backings;
using Reflink.Store.Devices;

namespace Reflink.Cache;

/// <summary>
/// Which frames are dirty, and how they become clean. A frame that is written again while it is on its way to the store is dirty
/// again at once, and stays so; one that could not be written is dirty as before (folio_clear_dirty_for_io and
/// folio_end_writeback, mm/page-writeback.c).
/// <code>
///             Mark               batch begins                 batch ends
///   clean ────────────► dirty ───────────────► writeback ──────────────────► clean
///                         ▲                        │  written again meanwhile,
///                         └────────────────────────┘  or could not be written
/// </code>
/// Where the disk takes time (<see cref="Device"/>), frames stay on their way until their bytes have arrived.
/// </summary>
internal sealed class Writeback(FrameTable frames, IBacking[] backings, ReplacementLists lists, Device device, Meter meter) : IDaemon
{
    /// <summary>How many frames are on their way to the store at once, at the most.</summary>
    private const int Batch = 64;

    private readonly FramesInFlight _inFlight = new();

    /// <summary>Told of frames that were to leave, when their bytes have arrived.</summary>
    public Action<FrameNumber>? LeavingArrived { get; set; }

    /// <summary>Told of frames that reclaim wanted while they were dirty, when their bytes have arrived.</summary>
    public Action<FrameNumber>? Rotated { get; set; }

    /// <summary>How many frames on their way to the store are to leave memory when they have arrived.</summary>
    public int Leaving { get; private set; }

    /// <summary>Frames on their way to the store.</summary>
    public int InFlight => _inFlight.Count;

    /// <summary>When the first of them arrives; null if there is none.</summary>
    public long? NextWake => _inFlight.First;

    /// <summary>When the last that was written arrives, or arrived, in nanoseconds.</summary>
    public long LastArrival => device.WrittenAt;

    /// <summary>Frames whose bytes are not in the store, nor on their way there.</summary>
    public DirtyFrames Frames { get; } = new(frames, backings);

    /// <summary>Writes pages that have been dirty for long, and makes those who dirty too many wait; null: only a sync and reclaim write.</summary>
    public DirtyThrottle? Throttle { get; set; }

    /// <summary>How often a clean frame that a sync saves became dirty so far (nr_dirtied).</summary>
    public long Dirtied { get; private set; }

    /// <summary>How often the bytes of an anonymous frame were given up so far (pglazyfree).</summary>
    public long GivenUp { get; private set; }

    /// <summary>Frames that were written so far, to files or to swap (nr_written).</summary>
    public long Written { get; private set; }

    /// <summary>Says that a frame's bytes differ from what its backing has from now on.</summary>
    public void Mark(FrameNumber number)
    {
        if ((frames[number].Flags & FrameFlags.Dirty) == 0)
        {
            var traits = backings[(int)frames[number].Block.Kind].Traits;
            Invariant.Check((traits & BackingTraits.Writable) != 0);
            Frames.Add(number);
            Dirtied += (traits & BackingTraits.Synced) != 0 ? 1 : 0;
            TakeBack(number);
            ForgetCopy(number);
        }
    }

    /// <summary>
    /// The bytes of an anonymous frame are not wanted any more, unless it is written again: it is clean without a copy, and whoever evicts it loses them
    /// (madvise_free_pte_range, mm/madvise.c). A frame that is locked or on its way to the store keeps them.
    /// </summary>
    public void GiveUp(FrameNumber number)
    {
        if ((frames[number].Flags & (FrameFlags.Locked | FrameFlags.Writeback | FrameFlags.LazyFree)) == 0)
        {
            ForgetCopy(number);
            Discard(number);
            lists.GiveUp(number);
            GivenUp++;
        }
    }

    /// <summary>The bytes of a frame that were not wanted are wanted: it has a second user, say.</summary>
    public void Keep(FrameNumber number)
    {
        if ((frames[number].Flags & FrameFlags.LazyFree) != 0)
        {
            Mark(number);
        }
    }

    /// <summary>A frame was just filled. Where the copy that it was filled from costs room, it goes when the frame is written, or now if there is little room.</summary>
    /// <param name="number">The frame.</param>
    /// <param name="isCopied">Whether there is a copy. There is none of a page whose bytes were lost: it may be lost again.</param>
    /// <param name="access">The use that it was filled for.</param>
    public void Filled(FrameNumber number, bool isCopied, AccessKind access)
    {
        ref var frame = ref frames[number];
        var backing = backings[(int)frame.Block.Kind];
        if ((backing.Traits & BackingTraits.CopyGoesWhenWritten) == 0)
        {
            return;
        }

        frame.Flags |= isCopied ? FrameFlags.InSwap : FrameFlags.LazyFree;
        if (isCopied && !backing.KeepsCopies)
        {
            Mark(number);
        }
        else if (!isCopied && !backing.HasRoom)
        {
            // Among anonymous pages it would stay, though nothing need be written.
            lists.Relist(number, access);
        }
    }

    /// <summary>A frame that was read ahead from swap is used: its copy goes now if there is little room, as if it had just been filled (should_try_to_free_swap, mm/memory.c).</summary>
    public void FirstUsed(FrameNumber number)
    {
        ref readonly var frame = ref frames[number];
        if ((frame.Flags & FrameFlags.InSwap) != 0 && !backings[(int)frame.Block.Kind].KeepsCopies)
        {
            Mark(number);
        }
    }

    /// <summary>A frame is freed without being written. If its bytes are on their way, that is waited for.</summary>
    public void Discard(FrameNumber number)
    {
        ref var frame = ref frames[number];
        if ((frame.Flags & FrameFlags.Writeback) != 0)
        {
            WaitForFreed(number);
        }

        if ((frame.Flags & FrameFlags.Dirty) != 0)
        {
            Frames.Remove(number);
        }
    }

    /// <summary>Writes every dirty frame of stored blocks to the store, in the order of their blocks, and waits for them; returns how many.</summary>
    /// <exception cref="ReflinkException">ENOSPC or EIO: the store takes no more. What was not written is dirty.</exception>
    public int CleanAll()
    {
        frames.RequireOn();
        var blocks = ArrayPool<BlockNumber>.Shared.Rent(Frames.Synced);
        var dirty = ArrayPool<FrameNumber>.Shared.Rent(Frames.Synced);
        try
        {
            var count = FindDirty(blocks, dirty);
            blocks.AsSpan(0, count).Sort(dirty.AsSpan(0, count));
            Clean(dirty.AsSpan(0, count));
            WaitForAll();
            return count;
        }
        finally
        {
            ArrayPool<BlockNumber>.Shared.Return(blocks);
            ArrayPool<FrameNumber>.Shared.Return(dirty);
        }
    }

    /// <summary>Begins to write dirty frames, in the order in which they are given.</summary>
    /// <exception cref="ReflinkException">ENOSPC or EIO: the store takes no more. What was not written is dirty.</exception>
    public void Clean(ReadOnlySpan<FrameNumber> dirty)
    {
        for (; dirty.Length > Batch; dirty = dirty[Batch..])
        {
            CleanBatch(dirty[..Batch]);
        }

        CleanBatch(dirty);
    }

    /// <summary>Begins to write a frame if it is dirty. Where the disk takes time it is on its way afterwards.</summary>
    /// <exception cref="ReflinkException">ENOSPC or EIO: the store takes no more. The frame stays dirty.</exception>
    public void Clean(FrameNumber number)
    {
        if ((frames[number].Flags & FrameFlags.Dirty) != 0)
        {
            CleanBatch(new ReadOnlySpan<FrameNumber>(in number));
        }
    }

    /// <summary>Ends the writing of frames whose bytes have arrived by now.</summary>
    public void Wake()
    {
        while (_inFlight.TryTake(device.Now, out var number))
        {
            End(number);
        }
    }

    /// <summary>Has a frame that is on its way to the store leave memory when it has arrived (PG_reclaim).</summary>
    public void Leave(FrameNumber number)
    {
        Leaving += (frames[number].Flags & FrameFlags.Leaving) == 0 ? 1 : 0;
        frames[number].Flags |= FrameFlags.Leaving;
    }

    /// <summary>Waits until some frame's bytes have arrived.</summary>
    /// <returns>False: none is on its way.</returns>
    public bool WaitForFirst()
    {
        if (_inFlight.First is not { } arrives)
        {
            return false;
        }

        device.WaitForWrite(arrives);
        Wake();
        return true;
    }

    /// <summary>Waits until all frames' bytes have arrived (filemap_fdatawait).</summary>
    public void WaitForAll()
    {
        if (_inFlight.Last is { } arrives)
        {
            device.WaitForWrite(arrives);
            Wake();
        }
    }

    /// <summary>Whether a frame's bytes are on their way, as its flags say.</summary>
    public bool IsInFlight(FrameNumber number) => _inFlight.ArrivalOf(number) is not null;

    // Truncating a file waits (folio_wait_writeback); a process that ends does not.
    private void WaitForFreed(FrameNumber number)
    {
        if ((backings[(int)frames[number].Block.Kind].Traits & BackingTraits.Synced) != 0)
        {
            WaitFor(number);
        }

        _inFlight.Remove(number);
        _ = StopLeaving(number);
        frames[number].Flags &= ~FrameFlags.Writeback;
    }

    private void WaitFor(FrameNumber number) => device.WaitForWrite(_inFlight.ArrivalOf(number) ?? 0);

    private void End(FrameNumber number)
    {
        frames[number].Flags &= ~FrameFlags.Writeback;
        if ((frames[number].Flags & (FrameFlags.Rotates | FrameFlags.Dirty)) == FrameFlags.Rotates)
        {
            frames[number].Flags &= ~FrameFlags.Rotates;
            Rotated!(number);
        }

        if (StopLeaving(number))
        {
            LeavingArrived!(number);
        }
    }

    private bool StopLeaving(FrameNumber number)
    {
        var wasLeaving = (frames[number].Flags & FrameFlags.Leaving) != 0;
        Leaving -= wasLeaving ? 1 : 0;
        frames[number].Flags &= ~FrameFlags.Leaving;
        return wasLeaving;
    }

    private int FindDirty(Span<BlockNumber> blocks, Span<FrameNumber> dirty)
    {
        var count = 0;
        for (var number = default(FrameNumber); Frames.TryFindSynced(ref number); number = new FrameNumber(number.Value + 1))
        {
            (blocks[count], dirty[count]) = (frames[number].Block, number);
            count++;
        }

        return count;
    }

    private void CleanBatch(ReadOnlySpan<FrameNumber> batch)
    {
        foreach (var number in batch)
        {
            ref var frame = ref frames[number];
            if ((frame.Flags & FrameFlags.Writeback) != 0)
            {
                WaitFor(number);
                _inFlight.Remove(number);
                End(number);
            }

            Invariant.Check((frame.Flags & FrameFlags.Dirty) != 0);
            Frames.Remove(number);
            frame.Flags |= FrameFlags.Writeback;
        }

        var written = 0;
        try
        {
            for (; written < batch.Length; written++)
            {
                var block = frames[batch[written]].Block;
                backings[(int)block.Kind].Save(block, frames.Bytes(batch[written]));
                Saved(batch[written]);
            }
        }
        finally
        {
            Written += written;
            meter.Tracing?.PagesWritten(written);
            for (var n = 0; n < batch.Length; n++)
            {
                if (n < written && device.IsInstant)
                {
                    End(batch[n]);
                }
                else if (n >= written)
                {
                    GiveBack(batch[n]);
                }
            }
        }
    }

    private void GiveBack(FrameNumber number)
    {
        frames[number].Flags &= ~FrameFlags.Writeback;
        if ((frames[number].Flags & FrameFlags.Dirty) == 0)
        {
            Frames.Add(number);
        }
    }

    // The frame has a copy in swap now, which goes when it is written again; perhaps it was already.
    private void Saved(FrameNumber number)
    {
        ref var frame = ref frames[number];
        var backing = backings[(int)frame.Block.Kind];
        if ((backing.Traits & BackingTraits.CopyGoesWhenWritten) != 0 && (frame.Flags & FrameFlags.Dirty) != 0)
        {
            backing.Forget(frame.Block);
        }
        else if ((backing.Traits & BackingTraits.CopyGoesWhenWritten) != 0)
        {
            frame.Flags |= FrameFlags.InSwap;
        }

        if (!device.IsInstant)
        {
            _inFlight.Add(number, device.WrittenAt);
        }
    }

    private void TakeBack(FrameNumber number)
    {
        if ((frames[number].Flags & FrameFlags.LazyFree) != 0)
        {
            backings[(int)frames[number].Block.Kind].Forget(frames[number].Block);
            lists.TakeBack(number);
        }
    }

    private void ForgetCopy(FrameNumber number)
    {
        if ((frames[number].Flags & FrameFlags.InSwap) != 0)
        {
            frames[number].Flags &= ~FrameFlags.InSwap;
            backings[(int)frames[number].Block.Kind].Forget(frames[number].Block);
        }
    }
}
