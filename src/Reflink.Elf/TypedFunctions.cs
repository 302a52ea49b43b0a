using Reflink.Units;

namespace Reflink.Elf;

/// <summary>Places in functions by symbol, with any alias of it, or by file offset; never inside an instruction.</summary>
internal static class TypedFunctions
{
    private const string DefaultMark = "@@";

    internal static IReadOnlyList<Site> Find(ElfFile elf, SitePlace place) => place.Name is { } name ? ByName(elf, place, name) : [ByOffset(elf, place)];

    private static List<Site> ByName(ElfFile elf, SitePlace place, string pattern)
    {
        var all = Named(elf);
        var found = all.FindAll(function => NamePattern.Matches(pattern, function.Name!));
        if (found.Count == 0)
        {
            throw NamePattern.NotFound(elf, "function", pattern, [.. all.Select(function => function.Name!)]);
        }

        return [.. found.DistinctBy(function => function.Address).Select(function => Inside(elf, place, function))];
    }

    /// <summary>
    /// Functions in code that have a name, from both tables, aliases side by side. A version by default may be typed or left out.
    /// </summary>
    private static List<FunctionEntry> Named(ElfFile elf)
    {
        var symbols = SymbolTable.Functions(elf);
        List<FunctionEntry> all =
        [
            .. symbols, .. symbols.Where(IsDefault).Select(function => function with { Name = function.Name![..function.Name!.IndexOf(DefaultMark, StringComparison.Ordinal)] }),
            .. SymbolTable.Exports(elf), .. SymbolTable.VersionedExports(elf),
        ];
        all.RemoveAll(function => function.Name is null || elf.CodeAt(function.Address) is null);
        all.Sort();
        return all;
    }

    private static bool IsDefault(FunctionEntry function) => function.Name?.IndexOf(DefaultMark, StringComparison.Ordinal) > 0;

    private static Site Inside(ElfFile elf, SitePlace place, FunctionEntry function)
    {
        var load = elf.LoadAt(function.Address)!.Value;
        var size = (long)Math.Min(function.Size, load.FileSize - (function.Address - load.Address));
        if (place.Offset > 0 && place.Offset >= size)
        {
            throw new ReflinkException(
                Errno.EINVAL, $"'{place}' in '{elf.Path}' is behind the function {function.Name}, which has {size} bytes; give an offset below that");
        }

        InstructionStart.Check(elf, place.Text, function.Address, function.Address + (ulong)place.Offset);
        return new(
            elf.OffsetOf(function.Address)!.Value + place.Offset,
            Math.Max(1, size - place.Offset),
            place.Offset == 0 ? function.Name : $"{function.Name}+0x{place.Offset:x}");
    }

    private static Site ByOffset(ElfFile elf, SitePlace place)
    {
        if (elf.CodeAtOffset(place.Offset) is not { } load)
        {
            throw new ReflinkException(
                Errno.EINVAL,
                $"file offset '{place}' of '{elf.Path}' is not code; its code is at file offsets {string.Join(", ", elf.ExecutableRanges)}");
        }

        var address = load.AddressOf(place.Offset);
        if (new CodeMap(elf).Around(address).Before is { } function && address - function.Address < function.Size)
        {
            InstructionStart.Check(elf, place.Text, function.Address, address);
        }

        return new(place.Offset, 1, new SymbolNames(elf).Place(address));
    }
}
