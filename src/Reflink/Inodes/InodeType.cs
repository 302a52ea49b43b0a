namespace Reflink.Inodes;

/// <summary>What an inode is.</summary>
public enum InodeType
{
    /// <summary>A regular file of a volume.</summary>
    Regular,

    /// <summary>A directory of a volume.</summary>
    Directory,

    /// <summary>A symbolic link of a volume.</summary>
    SymbolicLink,

    /// <summary>The private or anonymous pages of mappings: sparse, without a name, its blocks the machine's.</summary>
    Private,

    /// <summary>A file derived from another: a snapshot of its extents with some blocks replaced. Without a name.</summary>
    Derived,
}
