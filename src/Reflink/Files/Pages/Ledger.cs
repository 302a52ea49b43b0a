using Reflink.Cache;
using Reflink.Inodes;
using Reflink.Space;

namespace Reflink.Files.Pages;

/// <summary>
/// Who owns which block, and what page-table entries must be told of it: each verb changes the owners of blocks and stamps what
/// makes older entries look again, so no caller can do one without the other.
/// <code>
///   verb                    owners                                   stamped
///   Share (inode, range)    the target owns the source's blocks      Shared: source and target, or one page's frame
///   Merge                   the target owns the merged block         Shared: the merged frame; Changed: the frame that is left
///   Derive                  as Share, some pages with other blocks   Shared: the root
///   Replace, Unmap, Shift   the inode leaves its blocks              Changed: one page's frame; of many, Remapped: the inode
/// </code>
/// It checks nothing that belongs to a volume (sizes, alignment, rights): callers have.
/// </summary>
internal sealed class Ledger(BlockSpace space, PageCache cache, IKeying keying, Metadata metadata, ChangeCounter changes)
{
    private readonly List<Extent> _extents = [];

    /// <summary>Prepares pages to be shared, so that sharing them cannot fail afterwards.</summary>
    /// <exception cref="ReflinkException">ENOSPC: by inode, what must be written back does not fit the store. Nothing has changed.</exception>
    public void Prepare(Inode inode, PageRange range) => keying.BeforeShared(inode, range);

    /// <summary>A file's content is known by a key: files with equal keys may be read through one file's pages (<see cref="IKeying.Join"/>).</summary>
    /// <exception cref="ReflinkException">ENOSPC, EIO: dirty pages could not be written back. Nothing has changed.</exception>
    public void ShareContent(Inode inode, string key) => keying.Join(inode, key);

    /// <summary>
    /// Makes <paramref name="target"/>'s pages those of <paramref name="source"/> (FICLONE; fork), in constant time unless dirty
    /// frames are found by inode.
    /// </summary>
    /// <exception cref="ReflinkException">ENOSPC, as for <see cref="Prepare"/>. Nothing has changed.</exception>
    public void Share(Inode source, Inode target)
    {
        Prepare(source, PageRange.All);
        if (!target.Map.IsEmpty)
        {
            // An empty inode has no page-table entries to invalidate.
            changes.Stamp(ref target.Remapped, Rule.BulkRemapped);
        }

        metadata.Apply(Change.CloneFrom(target.Number, source.Number));
        changes.Stamp(ref source.Shared, Rule.Shared);
        changes.Stamp(ref target.Shared, Rule.Shared);
    }

    /// <summary>Makes a range of <paramref name="target"/> share the blocks of a range of <paramref name="source"/> (FICLONERANGE).</summary>
    /// <exception cref="ReflinkException">ENOSPC, as for <see cref="Prepare"/>. Nothing has changed.</exception>
    public void Share(Inode source, PageRange from, Inode target, PageIndex to)
    {
        Prepare(source, from);
        _extents.Clear();
        foreach (var extent in source.Map.Extents(from))
        {
            if (!extent.IsUnwritten)
            {
                _extents.Add(extent);
            }
        }

        if (from.Length != 1)
        {
            changes.Stamp(ref source.Shared, Rule.Shared);
        }
        else if (_extents.Count == 1)
        {
            StampShared(_extents[0].Block, new PageLabel(source.Number, from.Start));
        }

        // Owners first: a file may be cloned within itself, and no block may die in between.
        foreach (var extent in _extents)
        {
            space.Share(extent.Block, extent.Length);
        }

        StampLeft(target, new PageRange(to, from.Length));
        var next = from.Start;
        foreach (var extent in _extents)
        {
            Clear(target, PageRange.Between(to + (next - from.Start), to + (extent.Start - from.Start)));
            Map(target, new PageRange(to + (extent.Start - from.Start), extent.Length), extent.Block);
            next = extent.End;
        }

        Clear(target, PageRange.Between(to + (next - from.Start), to + from.Length));
    }

    /// <summary>Marks an anonymous page as merged, so that every write to it copies, before others are made one with it.</summary>
    public void MarkMerged(BlockNumber block)
    {
        if (changes.Follows(Rule.MergedNotExclusive))
        {
            space.MarkMerged(block);
        }

        StampShared(block, default);
        if (cache.TryPeek(block, default, out var frame))
        {
            // Others count on its bytes from now on (try_to_merge_one_page, mm/ksm.c).
            cache.Dirty.Keep(frame);
        }
    }

    /// <summary>Makes an anonymous page one with a merged one, or with the zero page. The caller has compared their bytes.</summary>
    /// <param name="kept">The merged page's block, or block 0.</param>
    /// <param name="target">The inode whose page is given up.</param>
    /// <param name="to">Which page of it.</param>
    /// <param name="given">The block that the page has.</param>
    /// <returns>Whether the pages are one now: pages of files and pages of zeroes are never merged.</returns>
    public bool Merge(BlockNumber kept, Inode target, PageIndex to, BlockNumber given)
    {
        if (target.Type != InodeType.Private || given.IsZero)
        {
            return false;
        }

        if (kept != given)
        {
            space.Share(kept, 1);
            StampShared(kept, default);
            Replace(target, to, kept, given);
        }

        return true;
    }

    /// <summary>Makes a nameless inode that is a file with some pages replaced, and takes over the caller's ownership of their blocks.</summary>
    /// <param name="root">The file, or a snapshot of it.</param>
    /// <param name="pages">The pages that differ, in order, and their blocks.</param>
    /// <exception cref="ReflinkException">ENOSPC, as for <see cref="Prepare"/>. Nothing has changed.</exception>
    public Inode Derive(Inode root, IReadOnlyList<(PageIndex Page, BlockNumber Block)> pages)
    {
        Prepare(root, PageRange.All);
        var derived = metadata.CreateNameless(InodeType.Derived);
        Share(root, derived);
        metadata.Apply(Change.SetSize(derived.Number, root.Size));
        Map(derived, pages);
        return derived;
    }

    /// <summary>
    /// Gives pages of a file that nobody maps other blocks, which are made from blocks of others, and takes over the caller's ownership of them.
    /// </summary>
    /// <param name="target">The file.</param>
    /// <param name="roots">The files that the blocks are made from; <see cref="Prepare"/> was called for each.</param>
    /// <param name="pages">The pages, in order, and their blocks.</param>
    public void Derive(Inode target, IReadOnlyList<Inode> roots, IReadOnlyList<(PageIndex Page, BlockNumber Block)> pages)
    {
        foreach (var root in roots)
        {
            changes.Stamp(ref root.Shared, Rule.Shared);
        }

        Map(target, pages);
    }

    /// <summary>Gives up the ownership of blocks that no inode came to map.</summary>
    public void Release(BlockNumber first, long count = 1)
    {
        space.Release(first, count);
        metadata.FreeSome();
    }

    /// <summary>Gives space to a hole without writing it: makes it an unwritten extent. The caller has made sure that there is space.</summary>
    public void Preallocate(Inode inode, PageRange hole)
    {
        space.Share(BlockNumber.Unwritten, hole.Length);
        Map(inode, hole, BlockNumber.Unwritten);
    }

    /// <summary>Gives a page another block, which the caller owns and the inode owns from now on.</summary>
    /// <param name="inode">The inode.</param>
    /// <param name="page">The page.</param>
    /// <param name="block">The block that it is to have.</param>
    /// <param name="old">The block that it leaves; null for a hole, which no entry leads to.</param>
    public void Replace(Inode inode, PageIndex page, BlockNumber block, BlockNumber? old)
    {
        if (old is { } left)
        {
            StampLeft(inode, page, left);
        }

        Map(inode, new PageRange(page, 1), block);
    }

    /// <summary>Makes pages a hole.</summary>
    public void Unmap(Inode inode, PageRange range)
    {
        StampLeft(inode, range);
        Clear(inode, range);
    }

    /// <summary>Takes pages out and closes the gap, or moves pages apart (FALLOC_FL_COLLAPSE_RANGE, FALLOC_FL_INSERT_RANGE).</summary>
    /// <exception cref="ReflinkException">ENOSPC, as for <see cref="Prepare"/>. Nothing has changed.</exception>
    public void Shift(Inode inode, in Change change)
    {
        var moved = change.Kind == ChangeKind.Collapse ? change.Pages.End : change.Pages.Start;
        Prepare(inode, PageRange.Between(moved, new PageIndex(inode.PageCount)));
        StampLeft(inode, PageRange.All);
        metadata.Apply(change);
    }

    private void Map(Inode inode, PageRange range, BlockNumber block) => metadata.Map(inode, range, block);

    private void Map(Inode inode, IReadOnlyList<(PageIndex Page, BlockNumber Block)> pages)
    {
        for (var at = 0; at < pages.Count;)
        {
            var (page, block) = pages[at];
            var length = RunLength(pages, at);
            Map(inode, new PageRange(page, length), block);
            at += length;
        }
    }

    private void Clear(Inode inode, PageRange range)
    {
        if (!range.IsEmpty)
        {
            metadata.Apply(Change.Unmap(inode.Number, range));
        }
    }

    // Neighbouring pages whose blocks were made one after the other, as dense sites have them: one extent.
    private static int RunLength(IReadOnlyList<(PageIndex Page, BlockNumber Block)> pages, int at)
    {
        var length = 1;
        while (at + length < pages.Count && pages[at + length] == (pages[at].Page + length, pages[at].Block + length))
        {
            length++;
        }

        return length;
    }

    // An inode leaves its blocks: entries that lead to them must look again. One page stamps its frame, many stamp the inode.
    private void StampLeft(Inode inode, PageRange range)
    {
        if (range.Length != 1)
        {
            changes.Stamp(ref inode.Remapped, Rule.BulkRemapped);
        }
        else if (inode.Map.TryFindBlock(range.Start, out var block))
        {
            StampLeft(inode, range.Start, block);
        }
    }

    // All of memory shares the frame of zeroes, so there the inode is stamped.
    private void StampLeft(Inode inode, PageIndex page, BlockNumber block)
    {
        if (block.IsZero)
        {
            changes.Stamp(ref inode.Remapped, Rule.Left);
        }
        else if (cache.TryPeek(block, new PageLabel(inode.Number, page), out var frame))
        {
            changes.Stamp(ref cache.Frames[frame].Changed, Rule.Left);
        }
    }

    // A block gained an owner: entries that lead to its frame may not be stored through.
    private void StampShared(BlockNumber block, in PageLabel label)
    {
        if (!block.IsZero && cache.TryPeek(block, label, out var frame))
        {
            changes.Stamp(ref cache.Frames[frame].Shared, Rule.Shared);
        }
    }
}
