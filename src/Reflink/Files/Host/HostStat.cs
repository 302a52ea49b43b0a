using System.Buffers.Binary;

namespace Reflink.Files.Host;

/// <summary>What statx(2) says of a file of the host.</summary>
/// <param name="Mode">Type and permission bits.</param>
/// <param name="Owner">The numbers of the owning user and group.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="ModifiedAt">When the contents last changed, in nanoseconds since 1970.</param>
/// <param name="Links">How many names lead to it.</param>
/// <param name="Identity">Which filesystem it is on, and its inode there.</param>
internal readonly record struct HostStat(
    int Mode, (uint User, uint Group) Owner, long Size, long ModifiedAt, uint Links, (ulong Device, ulong Inode) Identity)
{
    /// <summary>Bytes of struct statx.</summary>
    public const int Bytes = 256;

    private const int TypeBits = 0xF000;
    private const int DirectoryType = 0x4000;
    private const int RegularType = 0x8000;

    /// <summary>The permission bits.</summary>
    public UnixFileMode Permissions => (UnixFileMode)Mode & FileModes.All;

    /// <summary>Whether it is a regular file.</summary>
    public bool IsRegular => (Mode & TypeBits) == RegularType;

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory => (Mode & TypeBits) == DirectoryType;

    /// <summary>Reads struct statx of linux/stat.h, which is the same on all processors.</summary>
    public static HostStat Of(ReadOnlySpan<byte> statx)
    {
        var time = ((Int128)BinaryPrimitives.ReadInt64LittleEndian(statx[112..]) * 1_000_000_000) + BinaryPrimitives.ReadUInt32LittleEndian(statx[120..]);
        return new(
            BinaryPrimitives.ReadUInt16LittleEndian(statx[28..]),
            (BinaryPrimitives.ReadUInt32LittleEndian(statx[20..]), BinaryPrimitives.ReadUInt32LittleEndian(statx[24..])),
            BinaryPrimitives.ReadInt64LittleEndian(statx[40..]),
            (long)Int128.Clamp(time, long.MinValue, long.MaxValue),
            BinaryPrimitives.ReadUInt32LittleEndian(statx[16..]),
            (BinaryPrimitives.ReadUInt64LittleEndian(statx[136..]), BinaryPrimitives.ReadUInt64LittleEndian(statx[32..])));
    }
}
