using System.Runtime.CompilerServices;
using Reflink.Cache;
using Reflink.Cache.Backings;
using Reflink.Inodes;
using Reflink.Space;

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
internal sealed class CopyOnWrite(BlockSpace space, PageCache cache, IKeying keying, Metadata metadata, Ledger ledger, Meter meter)
{
    /// <summary>The frame of a page to read (of a file, of its <see cref="Inode.Reader"/>); of a hole the frame of zeroes. Valid until the next call that may need memory; lease it to keep it.</summary>
    /// <exception cref="ReflinkException">ENOMEM, or EIO naming the page.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FrameNumber Get(Inode inode, in PageUse use, out CacheResult result)
    {
        var isMapped = inode.Map.TryFindBlock(use.Label.Page, out var block);
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
        metadata.Journal?.CheckWritable(inode);
        if (inode.Share is not null)
        {
            keying.BeforeWritten(inode);
        }

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

    /// <summary>Writes the dirty pages of a range to the store (filemap_write_and_wait_range).</summary>
    /// <exception cref="ReflinkException">ENOSPC, EIO: what was not written is dirty.</exception>
    public void Clean(Inode inode, PageRange range)
    {
        foreach (var (block, label) in new MappedPages(inode, range))
        {
            if (cache.TryPeek(block, label, out var frame))
            {
                cache.Dirty.Clean(frame);
            }
        }

        cache.Dirty.WaitForAll();
    }

    /// <summary>Whether two ranges of pages hold the same bytes.</summary>
    /// <exception cref="ReflinkException">ENOMEM, or EIO naming the page.</exception>
    public bool AreEqual(Inode source, PageRange from, Inode target, PageIndex to, GroupId group)
    {
        for (var i = 0L; i < from.Length; i++)
        {
            if (!AreEqual(source, from.Start + i, target, to + i, group))
            {
                return false;
            }
        }

        return true;
    }

    private bool AreEqual(Inode source, PageIndex from, Inode target, PageIndex to, GroupId group)
    {
        _ = source.Map.TryFindBlock(from, out var one);
        _ = target.Map.TryFindBlock(to, out var two);
        if (one == two)
        {
            return true;
        }

        using var first = cache.Leases.Begin(cache.Get(one, new PageUse(source.Number, from, AccessKind.None, group), out _));
        using var second = cache.Leases.Begin(cache.Get(two, new PageUse(target.Number, to, AccessKind.None, group), out _));
        return first.Bytes.SequenceEqual(second.Bytes);
    }

    // In a full volume unused derived inodes are freed first: they may have been the page's only other owners.
    private bool OwnsInFullVolume(Inode inode, PageIndex page, BlockNumber? old)
    {
        if (inode.Type == InodeType.Private || metadata.HasSpace(1) || inode.Map.NeedsNoBlock(page))
        {
            return false;
        }

        metadata.MakeSpace(1);
        return old is not null && inode.Map.IsExclusive(page);
    }

    private FrameNumber Unshare(Inode inode, in PageUse use, PageContent content, BlockNumber? old, Inode? beneath, out CacheResult result)
    {
        var block = space.Allocate(inode.BlockKind, 1, preallocated: old == BlockNumber.Unwritten ? 1 : 0);
        try
        {
            if (old is not { IsZero: false } present || !keying.TryMove(present, block, use, content, out var frame, out result))
            {
                frame = Copy(inode, use, content, old, beneath, block, out result);
            }

            if (old is { } left && space.IsMerged(left))
            {
                meter.Count(WorkKind.MergedCopied);
            }

            ledger.Replace(inode, use.Label.Page, block, old);
            return frame;
        }
        catch (ReflinkException)
        {
            ledger.Release(block);
            throw;
        }
    }

    // To a frame of the new block, from the page's old block or from what shows through the hole that the page is.
    private FrameNumber Copy(
        Inode inode, in PageUse use, PageContent content, BlockNumber? old, Inode? beneath, BlockNumber block, out CacheResult result)
    {
        // The page is used now, whatever was known of the one that it is copied from.
        var made = use.Access == AccessKind.None ? use with { Access = AccessKind.Store } : use;
        var (shown, source) = (inode, old ?? BlockNumber.Zero);
        if (old is null && beneath is not null)
        {
            shown = beneath.Reader;
            _ = shown.Map.TryFindBlock(use.Label.Page, out source);
        }

        FrameNumber frame;
        result = CacheResult.Made;
        if (content == PageContent.Overwrite)
        {
            frame = cache.Add(block, made);
        }
        else if (source.IsZero)
        {
            frame = cache.Add(block, made);
            cache.Frames.Bytes(frame).Clear();
            meter.Count(WorkKind.PageZeroed);
        }
        else
        {
            var label = use.Label with { Inode = shown.Number };
            using var from = cache.Leases.Begin(cache.Get(source, use with { Label = label, Access = AccessKind.None }, out result));
            frame = cache.Add(block, made);
            from.Bytes.CopyTo(cache.Frames.Bytes(frame));
            meter.Count(WorkKind.PageCopied);
        }

        cache.Dirty.Mark(frame);
        return frame;
    }
}
