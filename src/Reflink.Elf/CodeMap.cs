namespace Reflink.Elf;

/// <summary>What of a file is code, and where its functions begin: by its symbols of either table and by its frame table.</summary>
internal sealed class CodeMap
{
    private readonly List<CodeRegion> _regions;
    private readonly List<FunctionEntry> _functions = [];

    internal CodeMap(ElfFile elf)
    {
        _regions = CodeRegion.All(elf);
        List<FunctionEntry> known =
        [
            .. SymbolTable.Functions(elf),
            .. SymbolTable.Exports(elf),
            .. FrameTable.Functions(elf) ?? [],
        ];
        known.Sort();
        foreach (var function in known)
        {
            if (RegionAt(function.Address) is not null && (_functions.Count == 0 || _functions[^1].Address != function.Address))
            {
                _functions.Add(function);
            }
        }
    }

    internal IReadOnlyList<CodeRegion> Regions => _regions;

    /// <summary>The known functions, one an address, in order of address.</summary>
    internal IReadOnlyList<FunctionEntry> Functions => _functions;

    /// <summary>The region that holds the address, or null.</summary>
    internal CodeRegion? RegionAt(ulong address)
    {
        var at = CountTo(_regions, address, region => region.Address) - 1;
        return at >= 0 && _regions[at].Holds(address) ? _regions[at] : null;
    }

    /// <summary>The last function that begins at the address or before it, and the first that begins behind it.</summary>
    internal (FunctionEntry? Before, FunctionEntry? After) Around(ulong address)
    {
        var count = CountTo(_functions, address, function => function.Address);
        return (count > 0 ? _functions[count - 1] : null, count < _functions.Count ? _functions[count] : null);
    }

    /// <summary>How many elements, in order of address, begin at the address or before it.</summary>
    private static int CountTo<T>(List<T> list, ulong address, Func<T, ulong> start)
    {
        var (low, high) = (0, list.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = start(list[middle]) <= address ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
