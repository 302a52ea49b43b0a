using Reflink.Units;

namespace Reflink.Elf;

/// <summary>Finds the function entries of a file: the sites that a tracer of functions patches.</summary>
/// <remarks>
/// The rule: defined symbols of type STT_FUNC or STT_GNU_IFUNC, from <c>.symtab</c> or, where there is none, from <c>.dynsym</c>; of at
/// least <see cref="MinimumSize"/> bytes, inside an executable PT_LOAD; one site an address; in order of address. It was checked against
/// a count made independently: it gives exactly the numbers of entries and of pages in libjvm (two versions), node, libc,
/// postgres, cc1plus, libclang-cpp, libLLVM and librustc_driver; libc's 47 indirect functions tell it from STT_FUNC alone.
/// For files without <c>.symtab</c> see <see cref="SiteSource.Frames"/>; there a function that the compiler split has a site a part.
/// </remarks>
public static class FunctionSites
{
    /// <summary>Bytes of a jump, the patch that a function must have room for.</summary>
    public const int MinimumSize = 5;

    /// <summary>All sites, in order of address.</summary>
    /// <exception cref="ReflinkException">ENOEXEC: a table is malformed, or the file has no function where it was looked for.</exception>
    public static IReadOnlyList<Site> Find(ElfFile elf, SiteSource source = SiteSource.Best)
    {
        ArgumentNullException.ThrowIfNull(elf);
        var sites = FindAny(elf, source);
        return sites.Count > 0 ? sites : throw elf.Image.Bad(
            $"has no function of {MinimumSize} bytes or more in its {(source == SiteSource.Frames ? "frame table" : "symbols")}; "
            + $"name a file with code{(source == SiteSource.Symbols ? $", or take {nameof(SiteSource.Frames)}" : "")}");
    }

    /// <summary>
    /// So many sites, evenly spread: of C sites the i-th of N is number i·C/N. All, if there are no more than that.
    /// </summary>
    /// <exception cref="ReflinkException">EINVAL: a negative count.</exception>
    public static IReadOnlyList<Site> Spread(IReadOnlyList<Site> all, int count)
    {
        ArgumentNullException.ThrowIfNull(all);
        if (count < 0)
        {
            throw new ReflinkException(Errno.EINVAL, $"{count} sites were asked for; ask for none or more");
        }

        return count >= all.Count ? all : [.. Enumerable.Range(0, count).Select(i => all[(int)((long)i * all.Count / count)])];
    }

    /// <summary>All sites, also if that is none.</summary>
    internal static List<Site> FindAny(ElfFile elf, SiteSource source) => InCode(elf, Entries(elf, source));

    private static List<FunctionEntry> Entries(ElfFile elf, SiteSource source) => source switch
    {
        SiteSource.Best => SymbolTable.Functions(elf) is { Count: > 0 } symbols ? symbols
            : Frames(elf) ?? SymbolTable.Exports(elf),
        SiteSource.Symbols => SymbolTable.Functions(elf) is { Count: > 0 } symbols ? symbols
            : SymbolTable.Exports(elf),
        SiteSource.Frames => Frames(elf) ?? [],
        _ => throw new ReflinkException(Errno.EINVAL, $"{source} is no source of sites; take one of {nameof(SiteSource)}"),
    };

    /// <summary>Functions of the frame table with the names that the exports give them; null without a frame table.</summary>
    private static List<FunctionEntry>? Frames(ElfFile elf)
    {
        if (FrameTable.Functions(elf) is not { } functions)
        {
            return null;
        }

        var names = SymbolTable.Exports(elf).GroupBy(symbol => symbol.Address)
            .ToDictionary(group => group.Key, group => group.Min().Name);
        return functions.ConvertAll(function => function with { Name = names.GetValueOrDefault(function.Address) });
    }

    /// <summary>One site an address, cut to the executable segment that holds it.</summary>
    private static List<Site> InCode(ElfFile elf, List<FunctionEntry> entries)
    {
        entries.Sort();
        var sites = new List<Site>(entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            var isAlias = i > 0 && entries[i].Address == entries[i - 1].Address;
            if (!isAlias && InCode(elf, entries[i]) is { Size: >= MinimumSize } site)
            {
                sites.Add(site);
            }
        }

        return sites;
    }

    private static Site? InCode(ElfFile elf, FunctionEntry entry)
    {
        if (elf.LoadAt(entry.Address) is not { IsExecutable: true } load)
        {
            return null;
        }

        var skipped = entry.Address - load.Address;
        return new((long)(load.Offset + skipped), (long)Math.Min(entry.Size, load.FileSize - skipped), entry.Name);
    }
}
