using Reflink.Cache.Policies;

namespace Reflink.Cache;

/// <summary>
/// Which block is in which frame: frames get blocks and lose them here alone, so the index, the lists of the replacement policies,
/// the count of dirty frames and the free frames always agree.
/// </summary>
internal sealed class ResidentFrames(FrameTable frames, FramePool pool, FrameIndex index, ReplacementLists lists, Writeback dirty, ChangeCounter changes, Meter meter)
{
    /// <summary>The most frames that ever held a block at once since <see cref="ResetPeak"/>.</summary>
    public int Peak { get; private set; }

    /// <summary>How many frames hold anonymous pages.</summary>
    public int Anonymous { get; private set; }

    /// <summary>Whether the frames of such a block are found by inode and page, so that there may be several.</summary>
    public bool IsByPage(BlockNumber block) => index.IsByPage(block);

    /// <summary>Starts <see cref="Peak"/> anew.</summary>
    public void ResetPeak() => Peak = index.Count;

    /// <summary>Gives a free frame a block. No policy knows the frame until <see cref="Publish"/>.</summary>
    public void Attach(FrameNumber number, BlockNumber block, in PageUse use)
    {
        Invariant.Check(!block.IsZero);
        ref var frame = ref frames[number];
        (frame.Block, frame.Group, frame.Flags) = (block, use.Group, FrameFlags.None);
        frame.Loaded.Tick = changes.Now;
        frames.Label(number) = use.Label;
        index.Add(number);
        Anonymous += lists.KindOf(block) == FolioKind.Anonymous ? 1 : 0;
        Peak = Math.Max(Peak, index.Count);
        if (meter.Tracing is { } events && lists.KindOf(block) == FolioKind.File)
        {
            events.AddedToPageCache(number, use.Label);
        }
    }

    /// <summary>Tells the policy of a frame that has a block.</summary>
    public void Publish(FrameNumber number, AccessKind access) => lists.Insert(number, access);

    /// <summary>Takes the block out of a frame: entries that lead to the frame must look again.</summary>
    public void Detach(FrameNumber number, Rule rule)
    {
        changes.Stamp(ref frames[number].Changed, rule);
        Discard(number);
    }

    /// <summary>Takes the block out of a frame that no entry leads to, because it was never filled.</summary>
    public void Discard(FrameNumber number)
    {
        var kind = lists.KindOf(frames[number].Block);
        if (meter.Tracing is { } events && kind == FolioKind.File)
        {
            events.DeletedFromPageCache(number, frames.Label(number));
        }

        Anonymous -= kind == FolioKind.Anonymous ? 1 : 0;
        lists.Remove(number);
        dirty.Discard(number);
        index.Remove(number);
        frames[number].Flags = FrameFlags.None;
        frames.Generations.End(number);
        pool.Return(number);
    }

    /// <summary>
    /// A page of an inode moved to a new block with the bytes that it has: its frame, found by inode and page, holds that block
    /// from now on. It must be clean, since the old block is to have its bytes too.
    /// </summary>
    public void Relabel(FrameNumber number, BlockNumber block)
    {
        Invariant.Check(index.IsByPage(frames[number].Block));
        Invariant.Check(index.IsByPage(block));
        Invariant.Check((frames[number].Flags & FrameFlags.Dirty) == 0);
        lists.Relabel(number, block);
        dirty.Mark(number);
    }
}
