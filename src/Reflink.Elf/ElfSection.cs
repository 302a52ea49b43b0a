namespace Reflink.Elf;

/// <summary>A section header (gABI, "Sections"). Its bytes are looked at, and its bounds checked, only when somebody needs them.</summary>
internal readonly record struct ElfSection(string Name, uint Type, ulong Flags, ulong Address, ulong Offset, ulong Size, uint Link)
{
    internal const uint SymbolTable = 2;
    internal const uint StringTable = 3;
    internal const uint Note = 7;
    internal const uint NoBits = 8;
    internal const uint DynamicSymbols = 11;
    private const ulong LoadedFlag = 2;
    private const ulong CodeFlag = 4;

    /// <summary>Whether the program has it in memory; what is not loaded is for linkers and debuggers.</summary>
    internal bool IsLoaded => (Flags & LoadedFlag) != 0;

    /// <summary>Whether it holds instructions.</summary>
    internal bool IsCode => (Flags & CodeFlag) != 0 && Type != NoBits;

    /// <summary>Whether the address lies in the section.</summary>
    internal bool Holds(ulong address) => address >= Address && address - Address < Size;

    internal static ElfSection[] ReadAll(ElfImage image, ElfHeader header)
    {
        var table = image.Table(header.SectionOffset, header.SectionCount, ElfHeader.SectionSize, "section header table");
        var names = Names(image, table, header);
        var sections = new ElfSection[header.SectionCount];
        for (var i = 0; i < sections.Length; i++)
        {
            sections[i] = Read(table.Slice(i * ElfHeader.SectionSize, ElfHeader.SectionSize), names);
        }

        return sections;
    }

    /// <summary>The section that holds the sections' names; null if the file has dropped them.</summary>
    private static NameTable? Names(ElfImage image, ReadOnlySpan<byte> table, ElfHeader header)
    {
        if (header.NamesIndex == 0 || header.NamesIndex >= header.SectionCount)
        {
            return null;
        }

        var section = Read(table.Slice((int)header.NamesIndex * ElfHeader.SectionSize, ElfHeader.SectionSize), null);
        return new(image, section.Offset, section.Size, "section name table");
    }

    private static ElfSection Read(ReadOnlySpan<byte> entry, NameTable? names) => new(
        names?.At(ElfImage.U32(entry, 0)) ?? "",
        ElfImage.U32(entry, 4),
        ElfImage.U64(entry, 8),
        ElfImage.U64(entry, 16),
        ElfImage.U64(entry, 24),
        ElfImage.U64(entry, 32),
        ElfImage.U32(entry, 40));
}
