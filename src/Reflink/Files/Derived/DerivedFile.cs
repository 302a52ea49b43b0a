using Reflink.Inodes;

namespace Reflink.Files.Derived;

/// <summary>A derived inode in the registry: what it is made of, the root's snapshot, and the descriptions that have led to it.</summary>
internal sealed record DerivedFile(DerivedKey Key, Inode Inode, Inode Snapshot)
{
    public HashSet<string> Descriptions { get; } = [];

    /// <summary>Whether only the registry has it.</summary>
    public bool IsUnused => Inode.Users == 1;
}
