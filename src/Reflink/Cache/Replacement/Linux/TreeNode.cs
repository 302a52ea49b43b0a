namespace Reflink.Cache.Replacement.Linux;

/// <summary>A leaf of an inode's page tree: 64 pages side by side (struct xa_node, include/linux/xarray.h).</summary>
internal struct TreeNode
{
    /// <summary>Its first page, divided by 64.</summary>
    public ulong Key;

    /// <summary>Which pages are in memory.</summary>
    public ulong Pages;

    /// <summary>Which pages have a shadow entry.</summary>
    public ulong Shadows;

    /// <summary>Which slots only point to that of the folio, or shadow of one, that begins before them (xa_is_sibling).</summary>
    public ulong Siblings;

    /// <summary>The node in the same bucket, plus one.</summary>
    public int Next;

    // Neighbours on the list of nodes that hold shadow entries only.
    public int Newer;
    public int Older;
}
