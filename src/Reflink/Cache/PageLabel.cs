using Reflink.Units;

namespace Reflink.Cache;

/// <summary>
/// Whom a page was first read or made for: 16 bytes that name an inode and a page of it. Policies and reports see labels;
/// the cache finds frames by block.
/// </summary>
public readonly record struct PageLabel(InodeNumber Inode, PageIndex Page)
{
    /// <inheritdoc/>
    public override string ToString() => $"i{Inode}:{Page}";
}
