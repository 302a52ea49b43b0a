using Reflink.Inodes;

namespace Reflink.Files.Pages;

/// <summary>The pages of an inode's range that have a block with bytes, in order: neither holes nor unwritten space; none of no inode. A foreach over it allocates nothing.</summary>
internal struct MappedPages(Inode? inode, PageRange range)
{
    private ExtentEnumerator _extents = inode?.Map.Extents(range).GetEnumerator() ?? default;
    private Extent _extent;
    private PageIndex _next;

    /// <summary>A page and the block that it has.</summary>
    public readonly (BlockNumber Block, PageLabel Label) Current => (_extent.BlockAt(_next - 1), new PageLabel(inode!.Number, _next - 1));

    /// <summary>Begins at the first page.</summary>
    public readonly MappedPages GetEnumerator() => this;

    /// <summary>Goes on to the next page.</summary>
    public bool MoveNext()
    {
        while (_next >= _extent.End || _extent.Block.IsZero)
        {
            if (inode is null || !_extents.MoveNext())
            {
                return false;
            }

            _extent = _extents.Current;
            _next = _extent.Start;
        }

        _next += 1;
        return true;
    }
}
