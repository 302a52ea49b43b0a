namespace Reflink.Elf;

/// <summary>
/// What the dynamic linker will put into words of the data: the addends of the R_X86_64_RELATIVE relocations (gABI, "Relocation";
/// x86-64 psABI, "Relocation Types"), which are addresses as the file counts them.
/// </summary>
internal static class RelativeRelocations
{
    private const uint WithAddends = 4;
    private const int EntrySize = 24;
    private const uint Relative = 8;

    /// <summary>By the word's address.</summary>
    internal static Dictionary<ulong, ulong> Read(ElfFile elf)
    {
        var addends = new Dictionary<ulong, ulong>();
        var room = elf.Image.Length;
        foreach (var table in elf.Sections)
        {
            if (table.Type != WithAddends)
            {
                continue;
            }

            room -= table.Size <= room ? table.Size : throw elf.Image.Bad("is malformed: its relocation tables are longer than the file; get a whole copy");
            var entries = elf.Image.Table(table.Offset, table.Size / EntrySize, EntrySize, "relocation table");
            for (; !entries.IsEmpty; entries = entries[EntrySize..])
            {
                if (ElfImage.U32(entries, 8) == Relative)
                {
                    addends[ElfImage.U64(entries, 0)] = ElfImage.U64(entries, 16);
                }
            }
        }

        return addends;
    }
}
