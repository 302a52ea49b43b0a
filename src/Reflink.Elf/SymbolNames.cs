namespace Reflink.Elf;

/// <summary>Which function an address belongs to, by the file's symbols: <c>.symtab</c>, or <c>.dynsym</c> where there is none.</summary>
internal sealed class SymbolNames
{
    private readonly List<FunctionEntry> _functions = [];

    internal SymbolNames(ElfFile elf)
    {
        var symbols = SymbolTable.Functions(elf);
        var named = (symbols.Count > 0 ? symbols : SymbolTable.Exports(elf)).FindAll(f => f.Name is not null);
        named.Sort();
        foreach (var function in named)
        {
            // Of aliases the first is the one that FunctionSites takes.
            if (_functions.Count == 0 || _functions[^1].Address != function.Address)
            {
                _functions.Add(function);
            }
        }
    }

    /// <summary><c>SYMBOL</c> or <c>SYMBOL+0xOFF</c> for an address inside a function, else null.</summary>
    internal string? Place(ulong address) => Holder(address) is not { } function ? null
        : function.Address == address ? function.Name : $"{function.Name}+0x{address - function.Address:x}";

    /// <summary>
    /// The function that holds the address or begins in or right behind so many bytes there: of the no-ops of
    /// <c>-fpatchable-function-entry=16,14</c> fourteen stand before the function.
    /// </summary>
    internal string? Owner(ulong address, ulong size) => Holder(address) is { } function ? function.Name
        : Next(address) is { } next && next.Address - address <= size ? next.Name : null;

    private FunctionEntry? Holder(ulong address)
    {
        var before = Count(address) - 1;
        return before >= 0 && _functions[before] is var function && (address == function.Address || address - function.Address < function.Size)
            ? function
            : null;
    }

    private FunctionEntry? Next(ulong address) => Count(address) is var next && next < _functions.Count ? _functions[next] : null;

    /// <summary>How many functions begin at the address or before it.</summary>
    private int Count(ulong address)
    {
        var (low, high) = (0, _functions.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _functions[middle].Address <= address ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
