namespace Reflink.Files;

/// <summary>What fallocate(2) does to a range of a file, with the bits of linux/falloc.h. Two ways of changing it exclude each other.</summary>
[Flags]
public enum FallocateMode
{
    /// <summary>Keeps space for the holes of the range as unwritten extents, and makes the file reach to its end.</summary>
    Allocate = 0,

    /// <summary>Lets the size be: space may lie behind the end of the file.</summary>
    KeepSize = 0x01,

    /// <summary>Makes bytes read as zeroes and frees whole pages; only with <see cref="KeepSize"/>.</summary>
    PunchHole = 0x02,

    /// <summary>Takes whole pages out and closes the gap.</summary>
    CollapseRange = 0x08,

    /// <summary>Makes bytes read as zeroes and keeps space for all pages of the range, whole ones unwritten.</summary>
    ZeroRange = 0x10,

    /// <summary>Puts a hole of whole pages in and moves the rest of the file on.</summary>
    InsertRange = 0x20,

    /// <summary>Gives the file blocks of its own for all pages that it shares; keeps space for holes.</summary>
    UnshareRange = 0x40,
}
