namespace Reflink.Elf;

/// <summary>
/// The GNU build-id: note type 3 of owner "GNU", from the PT_NOTE segments or, where they have none, from the note sections
/// (gABI, "Note Section"; LSB, "GNU build ID").
/// </summary>
internal static class BuildIdNote
{
    private const int HeaderSize = 12;
    private const uint BuildIdType = 3;

    internal static string? Find(ElfImage image, ElfSegment[] segments, ElfSection[] sections)
    {
        foreach (var segment in segments)
        {
            if (segment.Type == ElfSegment.Note
                && FindIn(image, image.Slice(segment.Offset, segment.FileSize, "PT_NOTE segment"), segment.Align) is { } id)
            {
                return id;
            }
        }

        foreach (var section in sections)
        {
            if (section.Type == ElfSection.Note
                && FindIn(image, image.Slice(section.Offset, section.Size, "note section"), sizeof(uint)) is { } id)
            {
                return id;
            }
        }

        return null;
    }

    /// <summary>Names and descriptions are padded to 4 bytes, or to 8 in a segment of that alignment (.note.gnu.property).</summary>
    private static string? FindIn(ElfImage image, ReadOnlySpan<byte> notes, ulong align)
    {
        var padding = align == sizeof(ulong) ? sizeof(ulong) : sizeof(uint);
        while (notes.Length >= HeaderSize)
        {
            var nameSize = ElfImage.U32(notes, 0);
            var size = ElfImage.U32(notes, 4);
            var type = ElfImage.U32(notes, 8);
            var start = Padded(HeaderSize + (long)nameSize, padding);
            if (start > notes.Length || size > notes.Length - start)
            {
                throw image.Bad("is malformed: a note is longer than the notes; get a whole copy");
            }

            if (type == BuildIdType && size > 0 && notes.Slice(HeaderSize, (int)nameSize).SequenceEqual("GNU\0"u8))
            {
                return Convert.ToHexStringLower(notes.Slice((int)start, (int)size));
            }

            notes = notes[(int)Math.Min(notes.Length, Padded(start + size, padding))..];
        }

        return null;
    }

    private static long Padded(long size, int to) => (size + to - 1) / to * to;
}
