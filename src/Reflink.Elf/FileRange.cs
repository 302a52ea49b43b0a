using Reflink.Units;

namespace Reflink.Elf;

/// <summary>A half-open range of byte offsets in a file: <see cref="Start"/> is in it, <see cref="End"/> is not.</summary>
public readonly record struct FileRange(long Start, long End)
{
    /// <summary>Bytes in the range.</summary>
    public long Length => End - Start;

    /// <summary>The file pages that a mapping of the range maps: its ends rounded outward, as mmap does.</summary>
    public PageRange Pages => Length == 0
        ? new(PageIndex.Of(Start), 0)
        : PageRange.Between(PageIndex.Of(Start), PageIndex.Of(End - 1) + 1);

    /// <summary>Whether the byte at the offset lies in the range.</summary>
    public bool Contains(long offset) => offset >= Start && offset < End;

    /// <inheritdoc/>
    public override string ToString() => $"[0x{Start:x},0x{End:x})";
}
