namespace Reflink.Elf;

/// <summary>
/// The versions of the symbols of <c>.dynsym</c>: <c>.gnu.version</c> has a number for each, and <c>.gnu.version_d</c> the names of
/// the numbers (LSB Core, "Symbol Versioning").
/// </summary>
internal sealed class SymbolVersions
{
    private const uint DefinitionsType = 0x6ffffffd;
    private const uint NumbersType = 0x6fffffff;
    private const int DefinitionSize = 20;
    private const int NameSize = 8;
    private const int Hidden = 0x8000;

    // 0 is local, 1 the file itself, without a version.
    private const int FirstNamed = 2;

    private readonly byte[] _numbers;
    private readonly Dictionary<int, string> _names;

    private SymbolVersions(byte[] numbers, Dictionary<int, string> names) => (_numbers, _names) = (numbers, names);

    internal static SymbolVersions Read(ElfFile elf)
    {
        var numbers = Array.Find(elf.Sections, section => section.Type == NumbersType);
        var definitions = Array.Find(elf.Sections, section => section.Type == DefinitionsType);
        return numbers.Size == 0 || definitions.Size == 0
            ? new([], [])
            : new([.. elf.Image.Slice(numbers.Offset, numbers.Size, "symbol versions")], Names(elf, definitions));
    }

    /// <summary>The version of a symbol by its number in the table; null if it has none.</summary>
    internal SymbolVersion? Of(int symbol)
    {
        if ((symbol + 1) * sizeof(ushort) > _numbers.Length)
        {
            return null;
        }

        var number = ElfImage.U16(_numbers, symbol * sizeof(ushort));
        return (number & ~Hidden) >= FirstNamed && _names.TryGetValue(number & ~Hidden, out var name) ? new(name, (number & Hidden) == 0) : null;
    }

    // Definitions are a list: each says how far off the next is, and how far off the first of its names, which is its own.
    private static Dictionary<int, string> Names(ElfFile elf, ElfSection section)
    {
        if (section.Link >= elf.Sections.Length || elf.Sections[section.Link].Type != ElfSection.StringTable)
        {
            throw elf.Image.Bad($"is malformed: the names of its symbol versions should be in section {section.Link}; get a whole copy");
        }

        var strings = elf.Sections[section.Link];
        var table = new NameTable(elf.Image, strings.Offset, strings.Size, "string table");
        var bytes = elf.Image.Slice(section.Offset, section.Size, "version definitions");
        var names = new Dictionary<int, string>();
        for (long at = 0, next = 1; next != 0; at += next)
        {
            if (at + DefinitionSize > bytes.Length || at + ElfImage.U32(bytes, (int)at + 12) + NameSize > bytes.Length)
            {
                throw elf.Image.Bad("is malformed: a version definition is not in its section; get a whole copy");
            }

            var definition = bytes[(int)at..];
            names[ElfImage.U16(definition, 4)] = table.At(ElfImage.U32(definition, (int)ElfImage.U32(definition, 12)));
            next = ElfImage.U32(definition, 16);
        }

        return names;
    }
}
