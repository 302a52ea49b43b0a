using System.Runtime.CompilerServices;
using Reflink.Cache;
using Reflink.Cache.Backings;
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
    BlockSpace space, NodeReaper reaper, InodeTable inodes, PageCache cache, BlockStore store, ChangeCounter changes, Meter meter)
{
    private readonly InodeFrames _frames = new(inodes, cache, changes);

    /// <summary>Where changes are written down; null for a volume that ends with its machine.</summary>
    public VolumeJournal? Journal { get; set; }

    /// <summary>Which block holds which page; holes are false.</summary>
    public static bool TryResolve(Inode inode, PageIndex page, out BlockNumber block) => inode.Map.TryFindBlock(page, out block);

    /// <summary>The frame of a page to read; of a hole the frame of zeroes. Valid until the next call that may need memory; lease it to keep it.</summary>
    /// <exception cref="ReflinkException">ENOMEM, or EIO naming the page.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FrameNumber Get(Inode inode, in PageUse use, out CacheResult result)
    {
        var isMapped = TryResolve(inode, use.Label.Page, out var block);
        var frame = cache.Get(block, use, out result);
        if (!isMapped)
        {
            result = CacheResult.Hole;
        }

        return frame;
    }

    /// <summary>The frame of a page that this inode alone owns, dirty, with the page's present bytes in it.</summary>
    /// <param name="inode">The inode that writes.</param>
    /// <param name="use">The page it writes to, and how.</param>
    /// <param name="content">Whether the caller overwrites all of the page, so that its old bytes are not wanted.</param>
    /// <param name="beneath">What shows through a hole: the file below a private inode, or nothing, and it is zeroes.</param>
    /// <param name="result">What it took to have the page's present bytes.</param>
    /// <exception cref="ReflinkException">ENOSPC, ENOMEM or EIO; nothing has changed.</exception>
    public FrameNumber GetForWrite(Inode inode, in PageUse use, PageContent content, Inode? beneath, out CacheResult result)
    {
        Journal?.CheckWritable(inode);
        BlockNumber? old = inode.Map.TryFind(use.Label.Page, out var block, out var isExclusive) ? block : null;
        if (!isExclusive && !OwnsInFullVolume(inode, use.Label.Page, old))
        {
            return Unshare(inode, use, content, old, beneath, out result);
        }

        result = CacheResult.Hit;
        var own = content == PageContent.Overwrite ? cache.GetToOverwrite(block, use) : cache.Get(block, use, out result);
        cache.Dirty.Mark(own);
        return own;
    }

    /// <summary>As above, of a page that no other file shows through.</summary>
    /// <exception cref="ReflinkException">ENOSPC, ENOMEM or EIO; nothing has changed.</exception>
    public FrameNumber GetForWrite(Inode inode, in PageUse use, PageContent content = PageContent.Keep) =>
        GetForWrite(inode, use, content, beneath: null, out _);

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
    public bool IsStored(BlockNumber block) => store.Contains(block);

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
        if (!HasSpace(count) && cache.Reclaimer.Shrink() > 0)
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

    /// <summary>An owner left a block that others still have: entries that lead to its frame must look again.</summary>
    public void StampLeft(BlockNumber block, in PageLabel label, Rule rule)
    {
        if (!block.IsZero && cache.TryPeek(block, label, out var frame))
        {
            changes.Stamp(ref cache.Frames[frame].Changed, rule);
        }
    }

    /// <summary>A block gained an owner: entries that lead to its frame may not be stored through.</summary>
    public void StampShared(BlockNumber block, in PageLabel label, Rule rule)
    {
        if (!block.IsZero && cache.TryPeek(block, label, out var frame))
        {
            changes.Stamp(ref cache.Frames[frame].Shared, rule);
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
    private bool OwnsInFullVolume(Inode inode, PageIndex page, BlockNumber? old)
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
        return old is not null && inode.Map.IsExclusive(page);
    }

    private FrameNumber Unshare(Inode inode, in PageUse use, PageContent content, BlockNumber? old, Inode? beneath, out CacheResult result)
    {
        var (source, shown) = (old ?? BlockNumber.Zero, use);
        if (old is null && beneath is not null)
        {
            shown = use with { Label = use.Label with { Inode = beneath.Number } };
            _ = TryResolve(beneath, use.Label.Page, out source);
        }

        var block = space.Allocate(inode.BlockKind, 1, kept: old == BlockNumber.Unwritten ? 1 : 0);
        try
        {
            var frame = old is { IsZero: false } present && cache.IsByPage(present)
                && (content == PageContent.Keep || cache.TryPeek(present, use.Label, out _))
                ? Move(present, block, use, out result)
                : Copy(source, shown, block, use, content, out result);
            if (old is { } left && space.IsMerged(left))
            {
                meter.Count(WorkKind.MergedCopied);
            }

            Install(inode, use.Label.Page, block, old);
            return frame;
        }
        catch (ReflinkException)
        {
            space.Release(block, 1);
            Settle();
            throw;
        }
    }

    private FrameNumber Move(BlockNumber source, BlockNumber target, in PageUse use, out CacheResult result)
    {
        var frame = cache.Get(source, use, out result);
        cache.Relabel(frame, target);
        return frame;
    }

    private FrameNumber Copy(
        BlockNumber source, in PageUse shown, BlockNumber target, in PageUse use, PageContent content, out CacheResult result)
    {
        FrameNumber frame;
        result = CacheResult.Made;
        if (content == PageContent.Overwrite)
        {
            frame = cache.Add(target, use);
        }
        else if (source.IsZero)
        {
            frame = cache.Add(target, use);
            cache.Frames.Bytes(frame).Clear();
            meter.Count(WorkKind.PageZeroed);
        }
        else
        {
            using var from = cache.Leases.Begin(cache.Get(source, shown, out result));
            frame = cache.Add(target, use);
            from.Bytes.CopyTo(cache.Frames.Bytes(frame));
            meter.Count(WorkKind.PageCopied);
        }

        cache.Dirty.Mark(frame);
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
            StampLeft(block, new PageLabel(inode.Number, page), rule);
        }
    }

    private void Install(Inode inode, PageIndex page, BlockNumber block, BlockNumber? old)
    {
        if (old is { } left)
        {
            Leave(inode, page, left, Rule.Left);
        }

        Apply(Change.Map(inode.Number, new PageRange(page, 1), block));
    }
}
