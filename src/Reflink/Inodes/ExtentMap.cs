using System.Runtime.CompilerServices;
using Reflink.Space;

namespace Reflink.Inodes;

/// <summary>
/// Which blocks the pages of an inode have. It owns the blocks it maps; a page without one is a hole. Cloning shares the whole
/// tree and costs the same for any size; the first write through either tree copies the path to the leaf that it changes.
/// </summary>
internal sealed partial class ExtentMap
{
    private readonly BlockSpace _space;
    private readonly NodeReaper _reaper;
    private Node? _root;

    /// <summary>A map that is one hole.</summary>
    internal ExtentMap(BlockSpace space, NodeReaper reaper)
    {
        Invariant.Check(ReferenceEquals(space, reaper.Space));
        _space = space;
        _reaper = reaper;
    }

    /// <summary>Mapped pages, without those that are mapped to block 0.</summary>
    public long BlockCount => _root?.Sums.Blocks ?? 0;

    /// <summary>How many extents there are.</summary>
    public long ExtentCount => _root?.Sums.Extents ?? 0;

    /// <summary>Pages for which space is kept, but nothing was written: they read as zeroes.</summary>
    public long UnwrittenCount => _root?.Sums.Unwritten ?? 0;

    /// <summary>Whether nothing is mapped.</summary>
    public bool IsEmpty => _root is null;

    /// <summary>The root, for fsck.</summary>
    internal Node? Root => _root;

    /// <summary>How often this map was changed: an enumeration must not see two states.</summary>
    internal long Version { get; private set; }

    /// <summary>The part of the extent around a page that begins with the page; false in a hole.</summary>
    public bool TryFind(PageIndex page, out Extent rest)
    {
        if (!TreeCursor.TryFindAround(_root, page, out var extent))
        {
            rest = default;
            return false;
        }

        var skip = page - extent.Start;
        rest = new Extent(page, extent.Length - skip, extent.Block + skip);
        return true;
    }

    /// <summary>The block of a page; false in a hole, and then it is block 0. Every read passes here.</summary>
    internal bool TryFindBlock(PageIndex page, out BlockNumber block)
    {
        var node = _root;
        while (node is InnerNode inner)
        {
            node = inner.Children[inner.ChildFor(page)];
        }

        block = BlockNumber.Zero;
        if (node is null || Unsafe.As<LeafNode>(node) is var leaf && leaf.Floor(page) is var at && at < 0)
        {
            return false;
        }

        ref readonly var extent = ref leaf.Slots[at];
        var skip = page - extent.Start;
        if (skip >= extent.Length)
        {
            return false;
        }

        block = extent.Block + skip;
        return true;
    }

    /// <summary>The block of a page, and whether it is exclusive (<see cref="IsExclusive"/>): what a write asks, in one walk. False in a hole.</summary>
    internal bool TryFind(PageIndex page, out BlockNumber block, out bool isExclusive)
    {
        var isAlone = true;
        var node = _root;
        while (node is InnerNode inner)
        {
            isAlone &= inner.References == 1;
            node = inner.Children[inner.ChildFor(page)];
        }

        if (node is LeafNode leaf && leaf.Floor(page) is >= 0 and int at && page < leaf.Slots[at].End)
        {
            block = leaf.Slots[at].BlockAt(page);
            isExclusive = isAlone && leaf.References == 1 && _space.IsExclusive(block);
            return true;
        }

        (block, isExclusive) = (BlockNumber.Zero, false);
        return false;
    }

    /// <summary>The first mapped page that is this one or lies behind it.</summary>
    public PageIndex? NextMapped(PageIndex page)
    {
        if (!TreeCursor.TryFind(_root, page, out var extent))
        {
            return null;
        }

        return extent.Start > page ? extent.Start : page;
    }

    /// <summary>
    /// Whether this map alone reaches the page's block and may have it written in place: every node on the path has one
    /// reference, and the block is exclusive. False in a hole.
    /// </summary>
    public bool IsExclusive(PageIndex page) => TryFind(page, out _, out var isExclusive) && isExclusive;

    /// <summary>How many pages from the first of an extent on have other owners, if that one has, or have none.</summary>
    internal long Alike(in Extent extent, out bool isShared)
    {
        var isAlone = true;
        var node = _root;
        for (; node is InnerNode inner; node = inner.Children[inner.ChildFor(extent.Start)])
        {
            isAlone &= inner.References == 1;
        }

        isAlone &= node!.References == 1;
        isShared = !isAlone || _space.Owners(extent.Block) > 1;
        return isAlone ? Math.Min(extent.Length, _space.Alike(extent.Block)) : extent.Length;
    }

    /// <summary>Whether a write to the page needs no more space than it has: it is exclusive, or space is kept for it.</summary>
    internal bool NeedsNoBlock(PageIndex page) => TryFind(page, out var block, out var isExclusive)
        && (isExclusive || block == BlockNumber.Unwritten);

    /// <summary>The extents of a range in order, clipped to it. The map must not be changed meanwhile; a clone of it may be enumerated instead.</summary>
    public ExtentSequence Extents(PageRange range) => new(this, range);
}
