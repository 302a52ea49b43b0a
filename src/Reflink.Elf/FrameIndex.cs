namespace Reflink.Elf;

/// <summary>
/// The index of the frame table that PT_GNU_EH_FRAME points at (LSB, "The .eh_frame_hdr section"). It survives the removal of the
/// section headers, and says which descriptions there are even where the table has no terminator.
/// </summary>
internal static class FrameIndex
{
    private const byte Version = 1;

    /// <summary>The functions that the index lists; null if the file has no index.</summary>
    internal static List<FunctionEntry>? Functions(ElfFile elf)
    {
        foreach (var segment in elf.Segments)
        {
            if (segment.Type == ElfSegment.FrameHeader)
            {
                return Read(elf, FrameRegion.Make(elf.Image, segment.Offset, segment.FileSize, segment.Address, "frame index"));
            }
        }

        return null;
    }

    private static List<FunctionEntry> Read(ElfFile elf, FrameRegion region)
    {
        var cursor = new FrameCursor(elf.Image, region, region.Offset, region.End);
        var version = cursor.U8();
        var frames = cursor.U8();
        var count = cursor.U8();
        var table = cursor.U8();
        if (version != Version || frames == PointerEncoding.Omitted)
        {
            throw elf.Image.Bad($"has a frame index of version {version} that this library does not know; take the sites from its symbols");
        }

        var frameRegion = RegionAt(elf, cursor.Pointer(frames, region.Address));
        var reader = new FrameReader(elf.Image, frameRegion);
        return count == PointerEncoding.Omitted || table == PointerEncoding.Omitted
            ? reader.ReadAll()
            : ReadListed(elf, reader, frameRegion, region, ref cursor, count, table);
    }

    private static List<FunctionEntry> ReadListed(
        ElfFile elf, FrameReader reader, FrameRegion frames, FrameRegion index, ref FrameCursor cursor, byte countEncoding, byte encoding)
    {
        var functions = new List<FunctionEntry>();
        for (var left = cursor.Pointer(countEncoding, index.Address); left > 0; left--)
        {
            cursor.Pointer(encoding, index.Address);
            var address = cursor.Pointer(encoding, index.Address);
            if (address < frames.Address || address - frames.Address >= frames.Size)
            {
                throw elf.Image.Bad($"is malformed: its frame index points at 0x{address:x}, outside the frame table; take the sites from its symbols");
            }

            reader.AddTo(functions, frames.Offset + (address - frames.Address));
        }

        return functions;
    }

    /// <summary>The table from its address to the end of the segment that holds it: its own length is written nowhere.</summary>
    private static FrameRegion RegionAt(ElfFile elf, ulong address)
    {
        var load = elf.LoadAt(address)
            ?? throw elf.Image.Bad($"is malformed: its frame table at 0x{address:x} is not mapped; take the sites from its symbols");
        var skipped = address - load.Address;
        return new(load.Offset + skipped, load.FileSize - skipped, address);
    }
}
