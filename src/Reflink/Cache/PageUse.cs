namespace Reflink.Cache;

/// <summary>One use of a page.</summary>
/// <param name="Label">The page, by inode: the frame's label if a frame is filled for it.</param>
/// <param name="Access">How the page is used.</param>
/// <param name="Group">The group that is charged for a new frame.</param>
/// <param name="Node">The NUMA node that a new frame is taken from, as long as that node has any.</param>
internal readonly record struct PageUse(PageLabel Label, AccessKind Access, GroupId Group, int Node = 0)
{
    /// <summary>A use of a page of an inode.</summary>
    public PageUse(InodeNumber inode, PageIndex page, AccessKind access, GroupId group, int node = 0)
        : this(new PageLabel(inode, page), access, group, node)
    {
    }
}
