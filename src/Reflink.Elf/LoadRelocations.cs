namespace Reflink.Elf;

/// <summary>
/// Where the dynamic linker writes to code when it loads the program ("text relocations", DT_TEXTREL): memory does not hold the file's
/// bytes there (gABI, "Relocation"; x86-64 psABI, "Relocation Types").
/// </summary>
/// <remarks>
/// Sections that are not loaded are what a linker has left for other tools (<c>--emit-relocs</c>); nobody applies them. The compact form
/// SHT_RELR is for words of data; it is not read.
/// </remarks>
internal sealed class LoadRelocations
{
    private const uint WithAddends = 4;
    private const uint WithoutAddends = 9;
    private const int EntrySize = 24;
    private const int ShortEntrySize = 16;

    /// <summary>The largest field that a relocation of code has.</summary>
    private const int Widest = 8;
    private readonly List<(long Offset, int Size)> _fields = [];

    internal LoadRelocations(ElfFile elf)
    {
        var room = elf.Image.Length;
        foreach (var table in elf.Sections.Where(section => section.IsLoaded && section.Type is WithAddends or WithoutAddends))
        {
            room -= table.Size <= room ? table.Size : throw elf.Image.Bad("is malformed: its relocation tables are longer than the file; get a whole copy");
            var size = table.Type == WithAddends ? EntrySize : ShortEntrySize;
            var entries = elf.Image.Table(table.Offset, table.Size / (ulong)size, size, "relocation table");
            for (; !entries.IsEmpty; entries = entries[size..])
            {
                if (elf.CodeAt(ElfImage.U64(entries, 0)) is { } offset)
                {
                    _fields.Add((offset, SizeOf(ElfImage.U32(entries, 8))));
                }
            }
        }

        _fields.Sort();
    }

    /// <summary>The file offset of the first field of a relocation that shares a byte with the range, or null.</summary>
    internal long? Inside(long offset, int length)
    {
        var (low, high) = (0, _fields.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _fields[middle].Offset <= offset - Widest ? (middle + 1, high) : (low, middle);
        }

        for (; low < _fields.Count && _fields[low].Offset < offset + length; low++)
        {
            if (_fields[low].Offset + _fields[low].Size > offset)
            {
                return _fields[low].Offset;
            }
        }

        return null;
    }

    /// <summary>R_X86_64_NONE writes nothing; PC32, PLT32, 32 and 32S write four bytes; the others that a linker leaves write eight.</summary>
    private static int SizeOf(uint type) => type switch
    {
        0 => 0,
        2 or 4 or 10 or 11 => 4,
        _ => Widest,
    };
}
