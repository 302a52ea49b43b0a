namespace Reflink.Elf;

/// <summary>The functions that a symbol table section defines (gABI, "Symbol Table").</summary>
internal static class SymbolTable
{
    private const int EntrySize = 24;
    private const int Function = 2;

    /// <summary>STT_GNU_IFUNC: its value is the resolver, which is a function as well.</summary>
    private const int IndirectFunction = 10;

    /// <summary>The defined functions of the first section of that type; empty if there is none.</summary>
    internal static List<FunctionEntry> Functions(ElfFile elf, uint sectionType)
    {
        foreach (var section in elf.Sections)
        {
            if (section.Type == sectionType)
            {
                return Read(elf, section);
            }
        }

        return [];
    }

    private static List<FunctionEntry> Read(ElfFile elf, ElfSection section)
    {
        var symbols = elf.Image.Table(section.Offset, section.Size / EntrySize, EntrySize, "symbol table");
        var names = Names(elf, section);
        var functions = new List<FunctionEntry>();
        for (; !symbols.IsEmpty; symbols = symbols[EntrySize..])
        {
            var isDefined = ElfImage.U16(symbols, 6) != 0;
            if (isDefined && (symbols[4] & 0xf) is Function or IndirectFunction)
            {
                functions.Add(new(ElfImage.U64(symbols, 8), ElfImage.U64(symbols, 16), Name(names, ElfImage.U32(symbols, 0))));
            }
        }

        return functions;
    }

    private static NameTable Names(ElfFile elf, ElfSection symbols)
    {
        if (symbols.Link >= elf.Sections.Length || elf.Sections[symbols.Link].Type != ElfSection.StringTable)
        {
            throw elf.Image.Bad($"is malformed: the names of its symbol table should be in section {symbols.Link}; get a whole copy");
        }

        var strings = elf.Sections[symbols.Link];
        return new(elf.Image, strings.Offset, strings.Size, "string table");
    }

    /// <summary>A name that would not survive a line of text is treated as missing.</summary>
    private static string? Name(NameTable names, uint offset)
    {
        var name = names.At(offset);
        return name.Length == 0 || name.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? null : name;
    }
}
