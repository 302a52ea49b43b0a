using System.Buffers;
using Reflink.Cache.Backings;

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
/// </summary>
internal sealed class Writeback(FrameTable frames, FramePool pool, IBacking[] backings)
{
    /// <summary>How many frames are on their way to the store at once, at the most.</summary>
    private const int Batch = 64;

    /// <summary>Frames whose bytes are not in the store, nor on their way there.</summary>
    public int Count { get; private set; }

    /// <summary>How often a clean frame that a sync saves became dirty so far (nr_dirtied).</summary>
    public long Dirtied { get; private set; }

    /// <summary>Frames that were written so far, to files or to swap (nr_written).</summary>
    public long Written { get; private set; }

    /// <summary>Says that a frame's bytes differ from what its backing has from now on.</summary>
    public void Mark(FrameNumber number)
    {
        if ((frames[number].Flags & FrameFlags.Dirty) == 0)
        {
            var traits = backings[(int)frames[number].Block.Kind].Traits;
            Invariant.Check((traits & BackingTraits.Writable) != 0);
            Dirtied += (traits & BackingTraits.Synced) != 0 ? 1 : 0;
            SetDirty(number);
            if ((frames[number].Flags & FrameFlags.InSwap) != 0)
            {
                frames[number].Flags &= ~FrameFlags.InSwap;
                backings[(int)frames[number].Block.Kind].Forget(frames[number].Block);
            }
        }
    }

    /// <summary>A frame was just filled. Where the copy that it was filled from costs room, it goes when the frame is written, or now if there is little room.</summary>
    public void Filled(FrameNumber number)
    {
        ref var frame = ref frames[number];
        var backing = backings[(int)frame.Block.Kind];
        if ((backing.Traits & BackingTraits.CopyGoesWhenWritten) != 0)
        {
            frame.Flags |= FrameFlags.InSwap;
            if (!backing.KeepsCopies)
            {
                Mark(number);
            }
        }
    }

    /// <summary>A frame is freed without being written.</summary>
    public void Discard(FrameNumber number)
    {
        ref var frame = ref frames[number];
        Invariant.Check((frame.Flags & FrameFlags.Writeback) == 0);
        if ((frame.Flags & FrameFlags.Dirty) != 0)
        {
            frame.Flags &= ~FrameFlags.Dirty;
            Count--;
        }
    }

    /// <summary>Writes every dirty frame of stored blocks to the store, in the order of their blocks; returns how many.</summary>
    /// <exception cref="ReflinkException">ENOSPC or EIO: the store takes no more. What was not written is dirty.</exception>
    public int CleanAll()
    {
        frames.RequireOn();
        var blocks = ArrayPool<BlockNumber>.Shared.Rent(Count);
        var dirty = ArrayPool<FrameNumber>.Shared.Rent(Count);
        try
        {
            var count = FindDirty(blocks, dirty);
            var sorted = dirty.AsSpan(0, count);
            blocks.AsSpan(0, count).Sort(sorted);
            for (; sorted.Length > Batch; sorted = sorted[Batch..])
            {
                Clean(sorted[..Batch]);
            }

            Clean(sorted);
            return count;
        }
        finally
        {
            ArrayPool<BlockNumber>.Shared.Return(blocks);
            ArrayPool<FrameNumber>.Shared.Return(dirty);
        }
    }

    /// <summary>Writes a frame if it is dirty.</summary>
    /// <exception cref="ReflinkException">ENOSPC or EIO: the store takes no more. The frame stays dirty.</exception>
    public void Clean(FrameNumber number)
    {
        if ((frames[number].Flags & FrameFlags.Dirty) != 0)
        {
            Clean(new ReadOnlySpan<FrameNumber>(in number));
        }
    }

    private int FindDirty(Span<BlockNumber> blocks, Span<FrameNumber> dirty)
    {
        var count = 0;
        for (var n = 0; n < pool.HighWater; n++)
        {
            var number = new FrameNumber(n);
            ref readonly var frame = ref frames[number];
            if ((frame.Flags & FrameFlags.Dirty) != 0 && (backings[(int)frame.Block.Kind].Traits & BackingTraits.Synced) != 0)
            {
                (blocks[count], dirty[count]) = (frame.Block, number);
                count++;
            }
        }

        return count;
    }

    private void Clean(ReadOnlySpan<FrameNumber> batch)
    {
        foreach (var number in batch)
        {
            ref var frame = ref frames[number];
            Invariant.Check((frame.Flags & (FrameFlags.Dirty | FrameFlags.Writeback)) == FrameFlags.Dirty);
            frame.Flags ^= FrameFlags.Dirty | FrameFlags.Writeback;
            Count--;
        }

        var written = 0;
        try
        {
            for (; written < batch.Length; written++)
            {
                var block = frames[batch[written]].Block;
                backings[(int)block.Kind].Save(block, frames.Bytes(batch[written]));
            }
        }
        finally
        {
            Written += written;
            for (var n = 0; n < batch.Length; n++)
            {
                frames[batch[n]].Flags &= ~FrameFlags.Writeback;
                if (n >= written && (frames[batch[n]].Flags & FrameFlags.Dirty) == 0)
                {
                    SetDirty(batch[n]);
                }
            }
        }
    }

    private void SetDirty(FrameNumber number)
    {
        frames[number].Flags |= FrameFlags.Dirty;
        Count++;
    }
}
