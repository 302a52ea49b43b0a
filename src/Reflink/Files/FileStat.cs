using Reflink.Inodes;

namespace Reflink.Files;

/// <summary>What stat(2) shows of a file.</summary>
/// <param name="Inode">The inode's number.</param>
/// <param name="Type">What the inode is.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="Links">Names that lead to it.</param>
/// <param name="Owner">The owner.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Blocks">Blocks of 4,096 bytes that its map names, shared ones included (st_blocks counts eight times as many).</param>
/// <param name="ModifiedAt">When the contents last changed, in nanoseconds of the machine's clock.</param>
/// <param name="ChangedAt">When contents or attributes last changed, in nanoseconds of the machine's clock.</param>
/// <param name="AccessedAt">When the contents were last read, as far as a program said so (noatime), in nanoseconds of the machine's clock.</param>
public readonly record struct FileStat(
    InodeNumber Inode, InodeType Type, UnixFileMode Mode, int Links, UserId Owner, long Size, long Blocks, long ModifiedAt, long ChangedAt, long AccessedAt);
