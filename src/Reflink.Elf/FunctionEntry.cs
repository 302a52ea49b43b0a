namespace Reflink.Elf;

/// <summary>A function as a symbol or a frame description gives it: not yet known to lie in code.</summary>
internal readonly record struct FunctionEntry(ulong Address, ulong Size, string? Name) : IComparable<FunctionEntry>
{
    /// <summary>By address; of aliases the largest first, then the one whose name is first in ordinal order, a missing name last.</summary>
    public int CompareTo(FunctionEntry other)
    {
        var order = Address.CompareTo(other.Address);
        order = order != 0 ? order : other.Size.CompareTo(Size);
        order = order != 0 ? order : (Name is null).CompareTo(other.Name is null);
        return order != 0 ? order : string.CompareOrdinal(Name, other.Name);
    }
}
