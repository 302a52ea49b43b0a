namespace Reflink.Elf;

/// <summary>The functions that a symbol table section defines (gABI, "Symbol Table").</summary>
internal static class SymbolTable
{
    private const int EntrySize = 24;
    private const int Function = 2;

    /// <summary>STT_GNU_IFUNC: its value is the resolver, which is a function as well.</summary>
    private const int IndirectFunction = 10;

    /// <summary>
    /// The defined functions of <c>.symtab</c>. A stripped file may carry a small copy of it, compressed, that leaves out what
    /// <c>.dynsym</c> has (<see cref="MiniDebugInfo"/>): then it is those two together. Empty if there is neither.
    /// </summary>
    internal static List<FunctionEntry> Functions(ElfFile elf)
    {
        var functions = Functions(elf.Image, elf.Sections, ElfSection.SymbolTable, null);
        if (functions.Count == 0 && elf.DebugFunctions is { Count: > 0 } debug)
        {
            functions = [.. debug, .. Exports(elf)];
        }

        return functions;
    }

    /// <summary>
    /// The defined functions of <c>.dynsym</c>. Of two versions of one name the default one has the name alone, and the others the
    /// version behind an @, as in the symbol table of a file that was not stripped.
    /// </summary>
    internal static List<FunctionEntry> Exports(ElfFile elf)
    {
        var versions = SymbolVersions.Read(elf);
        return Functions(elf.Image, elf.Sections, ElfSection.DynamicSymbols, (name, index) => versions.Of(index) is { IsDefault: false } version ? $"{name}@{version.Name}" : name);
    }

    /// <summary>The functions of <c>.dynsym</c> that have a version by default, with the version behind @@.</summary>
    internal static List<FunctionEntry> VersionedExports(ElfFile elf)
    {
        var versions = SymbolVersions.Read(elf);
        return Functions(elf.Image, elf.Sections, ElfSection.DynamicSymbols, (name, index) => versions.Of(index) is { IsDefault: true } version ? $"{name}@@{version.Name}" : null);
    }

    /// <summary>The defined functions of the first section of that type; empty if there is none.</summary>
    /// <param name="image">The bytes.</param>
    /// <param name="sections">Its sections.</param>
    /// <param name="sectionType">The type.</param>
    /// <param name="rename">What a symbol of a name and a number is called; null: as it is.</param>
    internal static List<FunctionEntry> Functions(ElfImage image, ElfSection[] sections, uint sectionType, Func<string, int, string?>? rename)
    {
        foreach (var section in sections)
        {
            if (section.Type == sectionType)
            {
                return Read(image, section, Names(image, sections, section), rename);
            }
        }

        return [];
    }

    private static List<FunctionEntry> Read(ElfImage image, ElfSection section, NameTable names, Func<string, int, string?>? rename)
    {
        var symbols = image.Table(section.Offset, section.Size / EntrySize, EntrySize, "symbol table");
        var functions = new List<FunctionEntry>();
        for (var index = 0; !symbols.IsEmpty; symbols = symbols[EntrySize..], index++)
        {
            var isDefined = ElfImage.U16(symbols, 6) != 0;
            if (isDefined && (symbols[4] & 0xf) is Function or IndirectFunction)
            {
                var name = Name(names, ElfImage.U32(symbols, 0));
                functions.Add(new(ElfImage.U64(symbols, 8), ElfImage.U64(symbols, 16), name is null || rename is null ? name : rename(name, index)));
            }
        }

        return functions;
    }

    private static NameTable Names(ElfImage image, ElfSection[] sections, ElfSection symbols)
    {
        if (symbols.Link >= sections.Length || sections[symbols.Link].Type != ElfSection.StringTable)
        {
            throw image.Bad($"is malformed: the names of its symbol table should be in section {symbols.Link}; get a whole copy");
        }

        var strings = sections[symbols.Link];
        return new(image, strings.Offset, strings.Size, "string table");
    }

    /// <summary>A name that would not survive a line of text is treated as missing.</summary>
    private static string? Name(NameTable names, uint offset)
    {
        var name = names.At(offset);
        return name.Length == 0 || name.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? null : name;
    }
}
