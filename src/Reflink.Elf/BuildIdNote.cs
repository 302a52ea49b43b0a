namespace Reflink.Elf;

/// <summary>
/// The GNU build-id: note type 3 of owner "GNU", from the PT_NOTE segments or, where they have none, from the note sections
/// (gABI, "Note Section"; LSB, "GNU build ID").
/// </summary>
internal static class BuildIdNote
{
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
            // Probes are in a section of their own, and damage there must not keep the rest of the file from being used.
            if (section.Type == ElfSection.Note && section.Name != ProbeNotes.Section
                && FindIn(image, image.Slice(section.Offset, section.Size, "note section"), sizeof(uint)) is { } id)
            {
                return id;
            }
        }

        return null;
    }

    private static string? FindIn(ElfImage image, ReadOnlySpan<byte> notes, ulong align)
    {
        var note = new NoteCursor(image, notes, align);
        while (note.MoveNext())
        {
            if (note.Type == BuildIdType && note.Content.Length > 0 && note.Owner.SequenceEqual("GNU\0"u8))
            {
                return Convert.ToHexStringLower(note.Content);
            }
        }

        return null;
    }
}
