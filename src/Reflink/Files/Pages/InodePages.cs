using Reflink.Cache;
using Reflink.Files.Durable;
using Reflink.Inodes;
using Reflink.Space;
using Reflink.Units;

namespace Reflink.Files.Pages;

/// <summary>
/// Pages of inodes in memory: reading one, and making one writable, which is where copy-on-write happens.
/// <code>
///   before    owner A ──► block 7 ◄── owner B          A is about to write
///   1         owner A ──► block 7 ◄── owner B          block 9 allocated, frame of 7 copied to a frame of 9
///   2         owner A ──► block 9     block 7 ◄── B    A's map now names 9; 7 has lost an owner
///   3         if 7 has no owner left it dies: its frame is freed, the store forgets it
/// </code>
/// The new block is good before the old mapping dies, as in fs/xfs/xfs_reflink.c. Where the cache is keyed by inode, A's page
/// has a frame of its own, and step 1 only makes that the frame of 9: one that is written is never copied, as in Linux.
/// </summary>
internal sealed class InodePages(
    BlockSpace space, NodeReaper reaper, InodeTable inodes, PageCache cache, BlockPages blocks, ChangeCounter changes, Meter meter)
{
    private readonly InodeFrames _frames = new(inodes, cache, changes);

    /// <summary>Where changes are written down; null for a volume that ends with its machine.</summary>
    public VolumeJournal? Journal { get; set; }

    /// <summary>Which block holds which page; holes are false.</summary>
    public static bool TryResolve(Inode inode, PageIndex page, out BlockNumber block) => inode.Map.TryFindBlock(page, out block);

    /// <summary>The frame of a page, holes included (the zero frame).</summary>
    public FrameNumber Read(Inode inode, PageIndex page, AccessKind access, GroupId group)
    {
        _ = TryResolve(inode, page, out var block);
        return blocks.Get(block, new PageLabel(inode.Number, page), access, group);
    }

    /// <summary>The frame of a page, if it is in memory or a hole.</summary>
    public bool TryRead(Inode inode, PageIndex page, AccessKind access, GroupId group, out FrameNumber frame)
    {
        _ = TryResolve(inode, page, out var block);
        return blocks.TryGet(block, new PageLabel(inode.Number, page), access, group, out frame);
    }

    /// <summary>The frame of a page that this inode alone owns, dirty, with the page's present bytes in it.</summary>
    /// <param name="inode">The inode that writes.</param>
    /// <param name="page">The page it writes to.</param>
    /// <param name="beneath">What shows through a hole: the file below a private inode, or nothing, and it is zeroes.</param>
    /// <param name="access">How the page is used.</param>
    /// <param name="group">Who is charged for a new frame.</param>
    /// <param name="whole">The caller overwrites all of the page, so its old bytes are not wanted.</param>
    /// <exception cref="ReflinkException">ENOSPC, ENOMEM or EIO; nothing has changed.</exception>
    public FrameNumber Writable(
        Inode inode, PageIndex page, Inode? beneath, AccessKind access, GroupId group, bool whole = false)
    {
        Journal?.CheckWritable(inode);
        var label = new PageLabel(inode.Number, page);
        var mapped = inode.Map.TryFind(page, out var old, out var isExclusive);
        if (isExclusive || OwnsInFullVolume(inode, page, mapped))
        {
            var own = whole && old.Kind == BlockKind.Stored
                ? blocks.GetToOverwrite(old, label, access, group)
                : blocks.Get(old, label, access, group);
            cache.MarkDirty(own);
            return own;
        }

        return Unshare(inode, label, mapped, old, beneath, access, group, whole);
    }

    /// <summary>Keeps space for a hole: makes it an unwritten extent. The caller has made sure that there is space.</summary>
    public void Keep(Inode inode, PageRange hole)
    {
        space.Share(BlockNumber.Unwritten, hole.Length);
        Apply(Change.Map(inode.Number, hole, BlockNumber.Unwritten));
    }

    /// <summary>Writes the dirty pages of a range back before others come to share them, where that matters (<see cref="InodeFrames"/>).</summary>
    /// <exception cref="ReflinkException">ENOSPC: the store is full. Nothing has changed.</exception>
    public void WriteBack(Inode inode, PageRange range) => _frames.WriteBack(inode, range);

    /// <summary>Writes the dirty pages of a range to the store (filemap_write_and_wait_range).</summary>
    /// <exception cref="ReflinkException">ENOSPC, EIO: what was not written is dirty.</exception>
    public void Clean(Inode inode, PageRange range)
    {
        foreach (var extent in inode.Map.Extents(range))
        {
            for (var i = 0L; i < extent.Length && !extent.Block.IsZero; i++)
            {
                cache.WriteBack(extent.Block + i, new PageLabel(inode.Number, extent.Start + i));
            }
        }
    }

    /// <summary>Whether the store has bytes of a block, be they the newest or not.</summary>
    public bool IsStored(BlockNumber block) => cache.IsInStore(block);

    /// <summary>Writes every dirty page to the store, and commits them and all changes (<see cref="Volume.Sync"/>).</summary>
    public void Sync(long now)
    {
        RequireOn();
        if (cache.DirtyFrames > 0)
        {
            cache.WriteBack();
        }

        Journal?.Commit(now);
    }

    /// <summary>Applies a change and lets go of what it freed.</summary>
    public void Apply(in Change change)
    {
        RequireOn();
        Journal?.Note(change);
        meter.Count(WorkKind.MetadataChanged);
        _frames.DropTaken(change);
        inodes.Apply(change);
        Settle();
    }

    /// <summary>Applies a change of an attribute, which frees nothing.</summary>
    public void Apply(Inode inode, in Change change)
    {
        RequireOn();
        Journal?.Note(change);
        meter.Count(WorkKind.MetadataChanged);
        inodes.Apply(inode, change);
    }

    /// <summary>Frees what is queued, until that many stored blocks are free or nothing is left to free.</summary>
    public bool MakeSpace(long count)
    {
        Drain();
        if (!HasSpace(count) && cache.ShrinkAll() > 0)
        {
            Drain();
        }

        return HasSpace(count);
    }

    /// <summary>Frees a part of what waits to be freed (at most 1,024 tree nodes), and drops the frames of dead blocks.</summary>
    public void Settle()
    {
        if (!reaper.IsIdle)
        {
            reaper.Step();
        }

        while (space.TryTakeFreed(out var first, out var count))
        {
            for (var i = 0L; i < count; i++)
            {
                cache.Drop(first + i);
            }
        }
    }

    /// <summary>Frees all that waits to be freed.</summary>
    public void Drain()
    {
        do
        {
            Settle();
        }
        while (!reaper.IsIdle);
    }

    /// <summary>
    /// Says that an inode leaves the blocks of a range: entries that lead to them must look again. One page stamps its frame;
    /// many stamp the inode.
    /// </summary>
    public void Leave(Inode inode, PageRange range, Rule onePage)
    {
        if (range.Length != 1)
        {
            changes.Stamp(ref inode.Remapped, Rule.BulkRemapped);
        }
        else if (TryResolve(inode, range.Start, out var block))
        {
            Leave(inode, range.Start, block, onePage);
        }
    }

    /// <summary>Refuses to work on a volume whose machine was switched off.</summary>
    /// <exception cref="ObjectDisposedException">It was.</exception>
    public void RequireOn() => cache.RequireOn();

    /// <summary>One user less; an inode without users and links is removed. Nothing is left to do when the machine is off.</summary>
    public void Put(Inode inode)
    {
        if (cache.IsOff)
        {
            return;
        }

        Invariant.Check(inode.Users > 0);
        inode.Users--;
        RemoveIfUnused(inode);
    }

    /// <summary>Removes an inode that nobody names or uses any more.</summary>
    public void RemoveIfUnused(Inode inode)
    {
        if (inode.Users == 0 && inode.Links == (inode.IsDirectory ? 1 : 0))
        {
            Apply(Change.Remove(inode.Number));
        }
    }

    /// <summary>A nameless inode with one user.</summary>
    public Inode CreateNameless(InodeType type)
    {
        var number = inodes.Next;
        Apply(Change.Create(number, type));
        var inode = inodes[number];
        inode.Users = 1;
        return inode;
    }

    /// <summary>Whether that many stored blocks are free.</summary>
    public bool HasSpace(long count) => count <= space.Free;

    // In a full volume everything that can be let go is let go first; that may be all that shared the page.
    private bool OwnsInFullVolume(Inode inode, PageIndex page, bool mapped)
    {
        if (inode.BlockKind != BlockKind.Stored || HasSpace(1))
        {
            return false;
        }

        if (inode.Map.IsKept(page))
        {
            return false;
        }

        MakeSpace(1);
        return mapped && inode.Map.IsExclusive(page);
    }

    private FrameNumber Unshare(
        Inode inode, in PageLabel label, bool mapped, BlockNumber old, Inode? beneath, AccessKind access, GroupId group, bool whole)
    {
        var (shown, source) = (label, old);
        if (!mapped && beneath is not null)
        {
            shown = label with { Inode = beneath.Number };
            _ = TryResolve(beneath, label.Page, out source);
        }

        var block = space.Allocate(inode.BlockKind, 1, kept: old == BlockNumber.Unwritten ? 1 : 0);
        try
        {
            var frame = mapped && !old.IsZero && cache.IsByPage(old) && (!whole || cache.TryPeek(old, label, out _))
                ? Move(old, block, label, access, group)
                : Copy(source, shown, block, label, access, group, whole);
            if (mapped && space.IsMerged(old))
            {
                meter.Count(WorkKind.MergedCopied);
            }

            Install(inode, label.Page, block, mapped, old);
            return frame;
        }
        catch (ReflinkException)
        {
            space.Release(block, 1);
            Settle();
            throw;
        }
    }

    private FrameNumber Move(BlockNumber source, BlockNumber target, in PageLabel label, AccessKind access, GroupId group)
    {
        var frame = blocks.Get(source, label, access, group);
        cache.Relabel(frame, target);
        return frame;
    }

    private FrameNumber Copy(
        BlockNumber source, in PageLabel shown, BlockNumber target, in PageLabel label, AccessKind access, GroupId group, bool whole)
    {
        if (whole || source.IsZero)
        {
            var empty = cache.Add(target, label, access, group);
            if (!whole)
            {
                cache.Frames.Bytes(empty).Clear();
                meter.Count(WorkKind.PageZeroed);
            }

            cache.MarkDirty(empty);
            return empty;
        }

        using var from = cache.Lease(blocks.Get(source, shown, access, group));
        var frame = cache.Add(target, label, access, group);
        from.Bytes.CopyTo(cache.Frames.Bytes(frame));
        meter.Count(WorkKind.PageCopied);
        cache.MarkDirty(frame);
        return frame;
    }

    // All of memory shares block 0's frame, so there the inode is stamped.
    private void Leave(Inode inode, PageIndex page, BlockNumber block, Rule rule)
    {
        if (block.IsZero)
        {
            changes.Stamp(ref inode.Remapped, rule);
        }
        else
        {
            cache.Leave(block, new PageLabel(inode.Number, page), rule);
        }
    }

    private void Install(Inode inode, PageIndex page, BlockNumber block, bool mapped, BlockNumber old)
    {
        if (mapped)
        {
            Leave(inode, page, old, Rule.Left);
        }

        Apply(Change.Map(inode.Number, new PageRange(page, 1), block));
    }
}
