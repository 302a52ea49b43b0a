namespace Reflink.Elf;

/// <summary>
/// The function entries compiled with <c>-fpatchable-function-entry=N,M</c>: <c>__patchable_function_entries</c> is an array of
/// addresses, each of the first of N no-ops, M of which stand before the function's label (GCC, Common Function Attributes).
/// </summary>
/// <remarks>
/// Where the program may be loaded anywhere, the addresses are filled in by the dynamic linker: R_X86_64_RELATIVE relocations carry them,
/// and the words themselves are zero (LLD) or not (GNU ld). The number of no-ops is not recorded; the bytes tell.
/// </remarks>
internal static class PatchableEntries
{
    internal const string Section = "__patchable_function_entries";

    /// <summary>More than anybody asks the compiler for; keeps a file full of no-ops from being read once an entry.</summary>
    private const int MostNops = 256;

    internal static List<Site> Find(ElfFile elf, List<ReflinkException> unusable)
    {
        var sections = elf.SectionsNamed(Section);
        if (sections.Count == 0)
        {
            return [];
        }

        var sites = new List<Site>();
        var names = new SymbolNames(elf);
        var relocations = RelativeRelocations.Read(elf);
        foreach (var section in sections)
        {
            var table = elf.Image.Slice(section.Offset, section.Size, Section);
            if (table.Length % sizeof(ulong) != 0)
            {
                throw elf.Image.Bad($"is malformed: {Section} has {table.Length} bytes, which is no number of addresses; get a whole copy");
            }

            for (var at = 0; at < table.Length; at += sizeof(ulong))
            {
                var address = relocations.TryGetValue(unchecked(section.Address + (ulong)at), out var addend) ? addend : ElfImage.U64(table, at);
                try
                {
                    sites.Add(Read(elf, names, at / sizeof(ulong), address));
                }
                catch (ReflinkException e)
                {
                    unusable.Add(e);
                }
            }
        }

        return [.. sites.Distinct().OrderBy(site => site.Offset)];
    }

    private static Site Read(ElfFile elf, SymbolNames names, int index, ulong address)
    {
        if (elf.CodeAt(address) is not { } offset)
        {
            throw elf.Image.Bad(
                $"is malformed: entry {index} of {Section} is address 0x{address:x}, which is no code"
                + $"{(address == 0 ? ", and no relocation R_X86_64_RELATIVE fills it in" : "")}; get a whole copy");
        }

        var load = elf.LoadAt(address)!.Value;
        var code = elf.Read(offset, (int)Math.Min(MostNops, load.FileSize - (address - load.Address)));
        var nops = NopRun.Length(code);

        // Without no-ops somebody has patched the file already; a byte is there all the same.
        return new Site(offset, Math.Max(1, nops), names.Owner(address, (ulong)nops)) { Kind = SiteKind.Patchable };
    }
}
