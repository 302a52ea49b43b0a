namespace Reflink.Units;

/// <summary>
/// The page that a frame is read or made for: 16 bytes that name an inode and a page of it. Policies and reports see the label that a
/// frame was first filled for; a cache keyed by block finds frames by block, one keyed by inode finds those of files by label.
/// </summary>
public readonly record struct PageLabel(InodeNumber Inode, PageIndex Page)
{
    /// <inheritdoc/>
    public override string ToString() => $"i{Inode}:{Page}";
}
