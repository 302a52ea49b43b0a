namespace Reflink.Fidelity.Filesystems;

/// <summary>What a file holds, as its users can see it.</summary>
/// <param name="Bytes">All of its bytes.</param>
/// <param name="Places">For every page where it lies on the disk, in bytes; -1 for one that was never written.</param>
/// <param name="Marks">For every page what FIEMAP says of it (<see cref="Hole"/>, <see cref="Unwritten"/>, <see cref="Own"/>, <see cref="Shared"/>); null where it does not say it of each page.</param>
/// <param name="Data">The ranges that SEEK_DATA and SEEK_HOLE tell, in order.</param>
public sealed record FileState(byte[] Bytes, long[] Places, char[]? Marks, IReadOnlyList<(long From, long To)> Data)
{
    /// <summary>A page in no extent.</summary>
    public const char Hole = '-';

    /// <summary>A page for which space is kept.</summary>
    public const char Unwritten = 'u';

    /// <summary>A page that this file alone has.</summary>
    public const char Own = 'o';

    /// <summary>A page that another file or place has, too.</summary>
    public const char Shared = 's';

    /// <summary>The mark for the flags of linux/fiemap.h.</summary>
    public static char MarkOf(uint flags) => (flags & 0x800) != 0 ? Unwritten : (flags & 0x2000) != 0 ? Shared : Own;
}
