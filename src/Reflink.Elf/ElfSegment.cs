namespace Reflink.Elf;

/// <summary>A program header (gABI, "Program Header").</summary>
internal readonly record struct ElfSegment(uint Type, bool IsExecutable, ulong Offset, ulong Address, ulong FileSize, ulong MemorySize, ulong Align)
{
    internal const uint Load = 1;
    internal const uint Note = 4;
    internal const uint FrameHeader = 0x6474e550;
    private const uint ExecuteFlag = 1;

    /// <summary>Whether the address is mapped and its byte comes from the file.</summary>
    internal bool HoldsInFile(ulong address) => address >= Address && address - Address < FileSize;

    /// <summary>Where the byte at a file offset of the segment is mapped.</summary>
    internal ulong AddressOf(long offset) => Address + ((ulong)offset - Offset);

    internal static ElfSegment[] ReadAll(ElfImage image, ElfHeader header)
    {
        var table = image.Table(header.SegmentOffset, header.SegmentCount, ElfHeader.SegmentSize, "program header table");
        var segments = new ElfSegment[header.SegmentCount];
        for (var i = 0; i < segments.Length; i++)
        {
            segments[i] = Read(table.Slice(i * ElfHeader.SegmentSize, ElfHeader.SegmentSize));
        }

        return segments;
    }

    private static ElfSegment Read(ReadOnlySpan<byte> entry) => new(
        ElfImage.U32(entry, 0),
        (ElfImage.U32(entry, 4) & ExecuteFlag) != 0,
        ElfImage.U64(entry, 8),
        ElfImage.U64(entry, 16),
        ElfImage.U64(entry, 32),
        ElfImage.U64(entry, 40),
        ElfImage.U64(entry, 48));
}
