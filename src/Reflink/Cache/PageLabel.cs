using Reflink.Units;

namespace Reflink.Cache;

/// <summary>
/// Whom a page is read or made for: 16 bytes that name an inode and a page of it. Policies and reports see the label that a
/// frame was first filled for; the cache finds frames by block, or, with <see cref="CacheKeying.Inode"/>, those of files by label.
/// </summary>
public readonly record struct PageLabel(InodeNumber Inode, PageIndex Page)
{
    /// <inheritdoc/>
    public override string ToString() => $"i{Inode}:{Page}";
}
