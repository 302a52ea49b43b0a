namespace Reflink.Inodes;

/// <summary>
/// Pages side by side that are mapped to blocks side by side. An extent of block 0 is no hole but zeroes put there explicitly:
/// all its pages are block 0. One of <see cref="BlockNumber.Unwritten"/> is preallocated space. Invariant, in a map: extents are in
/// order, do not overlap, have a page at the least, and neighbours that could be one are one.
/// </summary>
public readonly record struct Extent(PageIndex Start, long Length, BlockNumber Block)
{
    /// <summary>The first page behind the extent.</summary>
    public PageIndex End => Start + Length;

    /// <summary>The pages of the extent.</summary>
    public PageRange Range => new(Start, Length);

    /// <summary>How many of the pages have a block of their own, that is, another than block 0.</summary>
    internal long RealBlocks => Block == BlockNumber.Zero ? 0 : Length;

    /// <summary>Whether space is kept for the pages but nothing was written: they read as zeroes.</summary>
    public bool IsUnwritten => Block == BlockNumber.Unwritten;

    /// <summary>The block of a page of the extent.</summary>
    public BlockNumber BlockAt(PageIndex page) => Block + (page - Start);

    /// <inheritdoc/>
    public override string ToString() => $"{Range} {Block}";

    /// <summary>The part of the extent that begins at <paramref name="start"/> and ends before <paramref name="end"/>.</summary>
    internal Extent Clip(PageIndex start, PageIndex end)
    {
        var from = start > Start ? start : Start;
        var to = end < End ? end : End;
        return new Extent(from, to - from, BlockAt(from));
    }

    /// <summary>Whether <paramref name="next"/> goes on where this one ends, in pages and in blocks.</summary>
    internal bool Continues(Extent next) => End == next.Start && Block.IsZero == next.Block.IsZero && Block + Length == next.Block;
}
