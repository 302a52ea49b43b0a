using Reflink.Cache;
using Reflink.Inodes;
using Reflink.Space;
using Reflink.Units;

namespace Reflink.Files.Pages;

/// <summary>
/// Makes inodes share blocks: cloning a file or a range of it, finding equal pages and making them one. It checks nothing
/// that belongs to a volume (sizes, alignment, rights): callers have.
/// </summary>
internal sealed class Sharing(BlockSpace space, PageCache cache, InodePages pages, ChangeCounter changes)
{
    private readonly List<Extent> _extents = [];

    /// <summary>
    /// Makes <paramref name="target"/>'s pages those of <paramref name="source"/> (FICLONE; fork), in constant time unless
    /// frames are found by inode (<see cref="InodeFrames"/>).
    /// </summary>
    /// <exception cref="ReflinkException">ENOSPC: by inode, what must be written back does not fit the store. Nothing has changed.</exception>
    public void Clone(Inode source, Inode target, Rule rule = Rule.CloneShared)
    {
        pages.WriteBack(source, PageRange.All);
        if (!target.Map.IsEmpty)
        {
            // Nothing was entered through an inode of holes.
            changes.Stamp(ref target.Remapped, Rule.BulkRemapped);
        }

        pages.Apply(Change.CloneFrom(target.Number, source.Number));
        changes.Stamp(ref source.Shared, rule);
        changes.Stamp(ref target.Shared, rule);
    }

    /// <summary>Makes a range of <paramref name="target"/> share the blocks of a range of <paramref name="source"/> (FICLONERANGE).</summary>
    /// <exception cref="ReflinkException">ENOSPC, as for <see cref="Clone"/>.</exception>
    public void CloneRange(Inode source, PageRange from, Inode target, PageIndex to)
    {
        pages.WriteBack(source, from);
        Gather(source, from);
        if (from.Length == 1)
        {
            _ = InodePages.TryResolve(source, from.Start, out var block);
            pages.StampShared(block, new PageLabel(source.Number, from.Start), Rule.RangeShared);
        }
        else
        {
            changes.Stamp(ref source.Shared, Rule.RangeShared);
        }

        // Owners first: a file may be cloned within itself, and no block may die in between.
        foreach (var extent in _extents)
        {
            space.Share(extent.Block, extent.Length);
        }

        pages.Leave(target, new PageRange(to, from.Length), Rule.Left);
        var next = from.Start;
        foreach (var extent in _extents)
        {
            Unmap(target, PageRange.Between(to + (next - from.Start), to + (extent.Start - from.Start)));
            Map(target, to + (extent.Start - from.Start), extent.Length, extent.Block);
            next = extent.End;
        }

        Unmap(target, PageRange.Between(to + (next - from.Start), to + from.Length));
    }

    /// <summary>Whether two ranges of pages hold the same bytes.</summary>
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

    /// <summary>Marks an anonymous page as merged, so that every write to it copies, before others are made one with it.</summary>
    public void MarkMerged(BlockNumber block)
    {
        if (changes.Follows(Rule.MergedNotExclusive))
        {
            space.MarkMerged(block);
        }

        pages.StampShared(block, default, Rule.MergeShared);
    }

    /// <summary>Makes an anonymous page one with a merged one, or with the zero page. The caller has compared their bytes.</summary>
    /// <param name="kept">The merged page, or block 0.</param>
    /// <param name="target">Whose page is given up.</param>
    /// <param name="to">Which.</param>
    /// <param name="given">The block that it has.</param>
    /// <returns>Whether the pages are one now: pages of files are never merged.</returns>
    public bool MergeInto(BlockNumber kept, Inode target, PageIndex to, BlockNumber given)
    {
        if (given.Kind != BlockKind.Anonymous)
        {
            return false;
        }

        if (kept != given)
        {
            space.Share(kept, 1);
            pages.StampShared(kept, default, Rule.MergeShared);
            pages.StampLeft(given, new PageLabel(target.Number, to), Rule.Left);
            Map(target, to, 1, kept);
        }

        return true;
    }

    private bool AreEqual(Inode source, PageIndex from, Inode target, PageIndex to, GroupId group)
    {
        _ = InodePages.TryResolve(source, from, out var one);
        _ = InodePages.TryResolve(target, to, out var two);
        if (one == two)
        {
            return true;
        }

        using var first = cache.Leases.Begin(cache.Get(one, new PageUse(source.Number, from, AccessKind.Read, group), out _));
        using var second = cache.Leases.Begin(cache.Get(two, new PageUse(target.Number, to, AccessKind.Read, group), out _));
        return first.Bytes.SequenceEqual(second.Bytes);
    }

    private void Gather(Inode inode, PageRange range)
    {
        _extents.Clear();
        foreach (var extent in inode.Map.Extents(range))
        {
            if (!extent.IsUnwritten)
            {
                _extents.Add(extent);
            }
        }
    }

    private void Map(Inode inode, PageIndex page, long length, BlockNumber block) =>
        pages.Apply(Change.Map(inode.Number, new PageRange(page, length), block));

    private void Unmap(Inode inode, PageRange range)
    {
        if (!range.IsEmpty)
        {
            pages.Apply(Change.Unmap(inode.Number, range));
        }
    }
}
