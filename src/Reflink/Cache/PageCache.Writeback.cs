using System.Buffers;
using Reflink.Units;

namespace Reflink.Cache;

/// <content>
/// Write-back. A frame that is written again while it is on its way is dirty again at once, and stays so; one that could not be
/// written is dirty as before (folio_clear_dirty_for_io and folio_end_writeback, mm/page-writeback.c).
/// <code>
///           MarkDirty            batch begins                 batch ends
///   clean ────────────► dirty ───────────────► writeback ──────────────────► clean
///                         ▲                        │  written again meanwhile,
///                         └────────────────────────┘  or could not be written
/// </code>
/// </content>
public sealed partial class PageCache
{
    /// <summary>How many frames are on their way to the store at once, at the most.</summary>
    private const int WritebackBatch = 64;

    /// <summary>Writes every dirty frame of stored blocks to the store, in the order of their blocks; returns how many.</summary>
    /// <exception cref="ReflinkException">ENOSPC or EIO: the store takes no more. What was not written is dirty.</exception>
    internal int WriteBack()
    {
        RequireOn();
        var blocks = ArrayPool<BlockNumber>.Shared.Rent(DirtyFrames);
        var frames = ArrayPool<FrameNumber>.Shared.Rent(DirtyFrames);
        try
        {
            var count = FindDirty(blocks, frames);
            var sorted = frames.AsSpan(0, count);
            blocks.AsSpan(0, count).Sort(sorted);
            for (; sorted.Length > WritebackBatch; sorted = sorted[WritebackBatch..])
            {
                Clean(sorted[..WritebackBatch]);
            }

            Clean(sorted);
            return count;
        }
        finally
        {
            ArrayPool<BlockNumber>.Shared.Return(blocks);
            ArrayPool<FrameNumber>.Shared.Return(frames);
        }
    }

    /// <summary>Writes the frame of one page to the store if it is there and dirty.</summary>
    /// <exception cref="ReflinkException">ENOSPC or EIO: the store takes no more. The frame stays dirty.</exception>
    internal void WriteBack(BlockNumber block, in PageLabel label)
    {
        if (_index.TryFind(block, label, out var frame) && (Frames[frame].Flags & FrameFlags.Dirty) != 0)
        {
            Clean(new ReadOnlySpan<FrameNumber>(in frame));
        }
    }

    private int FindDirty(Span<BlockNumber> blocks, Span<FrameNumber> frames)
    {
        var count = 0;
        for (var n = 0; n < _pool.HighWater; n++)
        {
            var number = new FrameNumber(n);
            ref readonly var frame = ref Frames[number];
            if ((frame.Flags & FrameFlags.Dirty) != 0 && frame.Block.Kind == BlockKind.Stored)
            {
                (blocks[count], frames[count]) = (frame.Block, number);
                count++;
            }
        }

        return count;
    }

    private void Clean(ReadOnlySpan<FrameNumber> batch)
    {
        foreach (var number in batch)
        {
            ref var frame = ref Frames[number];
            Invariant.Check((frame.Flags & (FrameFlags.Dirty | FrameFlags.Writeback)) == FrameFlags.Dirty);
            frame.Flags ^= FrameFlags.Dirty | FrameFlags.Writeback;
            DirtyFrames--;
        }

        var written = 0;
        try
        {
            for (; written < batch.Length; written++)
            {
                _store.Write(Frames[batch[written]].Block, Frames.Bytes(batch[written]));
                _meter.Count(WorkKind.StoreWrite);
            }
        }
        finally
        {
            for (var n = 0; n < batch.Length; n++)
            {
                Frames[batch[n]].Flags &= ~FrameFlags.Writeback;
                if (n >= written)
                {
                    MarkDirty(batch[n]);
                }
            }
        }
    }
}
