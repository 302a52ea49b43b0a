namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// A page of an inode as one number, inode above, page in the lower 40 bits, so that pages side by side have numbers side by side.
/// Inodes whose numbers differ by a multiple of 2^24 share their shadow entries, which are only a hint.
/// </summary>
internal static class PageKeys
{
    /// <summary>log2 of the pages that one tree node covers (XA_CHUNK_SHIFT).</summary>
    public const int NodeShift = 6;

    private const int PageBits = 40;

    /// <summary>The number of a page.</summary>
    public static ulong Of(in PageLabel label) => unchecked(((ulong)label.Inode.Value << PageBits) + (ulong)label.Page.Value);

    /// <summary>The number of a page's leaf in the tree of its inode.</summary>
    public static ulong Leaf(ulong key) => (key & ((1ul << PageBits) - 1)) >> NodeShift;

    /// <summary>The inode, for what is kept by open file.</summary>
    public static int Inode(ulong key) => (int)(key >> PageBits);
}
