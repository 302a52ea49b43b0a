namespace Reflink.Units;

/// <summary>The number of a page in a process's address space: address divided by <see cref="Page.Size"/>.</summary>
public readonly record struct VirtualPage(long Value) : IComparable<VirtualPage>
{
    /// <summary>The address at which the page begins.</summary>
    public long Address => Value << Page.Shift;

    /// <summary>The page that holds the byte at <paramref name="address"/>.</summary>
    public static VirtualPage Of(long address) => new(address >> Page.Shift);

    /// <summary>The page <paramref name="count"/> pages further on.</summary>
    public static VirtualPage operator +(VirtualPage page, long count) => new(page.Value + count);

    /// <summary>How many pages lie between.</summary>
    public static long operator -(VirtualPage page, VirtualPage other) => page.Value - other.Value;

    /// <summary>Whether the page lies before the other.</summary>
    public static bool operator <(VirtualPage a, VirtualPage b) => a.Value < b.Value;

    /// <summary>Whether the page lies behind the other.</summary>
    public static bool operator >(VirtualPage a, VirtualPage b) => a.Value > b.Value;

    /// <summary>Whether the page lies before the other or is it.</summary>
    public static bool operator <=(VirtualPage a, VirtualPage b) => a.Value <= b.Value;

    /// <summary>Whether the page lies behind the other or is it.</summary>
    public static bool operator >=(VirtualPage a, VirtualPage b) => a.Value >= b.Value;

    /// <inheritdoc/>
    public int CompareTo(VirtualPage other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => $"0x{Address:x}";
}
