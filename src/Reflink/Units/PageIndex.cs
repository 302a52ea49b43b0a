namespace Reflink.Units;

/// <summary>The number of a page within a file or a private inode: byte offset divided by <see cref="Page.Size"/>.</summary>
public readonly record struct PageIndex(long Value) : IComparable<PageIndex>
{
    /// <summary>The byte offset at which the page begins.</summary>
    public long Offset => Value << Page.Shift;

    /// <summary>The page that holds the byte at <paramref name="offset"/>.</summary>
    public static PageIndex Of(long offset) => new(offset >> Page.Shift);

    /// <summary>The page <paramref name="count"/> pages further on.</summary>
    public static PageIndex operator +(PageIndex page, long count) => new(page.Value + count);

    /// <summary>The page <paramref name="count"/> pages before.</summary>
    public static PageIndex operator -(PageIndex page, long count) => new(page.Value - count);

    /// <summary>How many pages lie between.</summary>
    public static long operator -(PageIndex page, PageIndex other) => page.Value - other.Value;

    /// <summary>Whether the page lies before the other.</summary>
    public static bool operator <(PageIndex a, PageIndex b) => a.Value < b.Value;

    /// <summary>Whether the page lies behind the other.</summary>
    public static bool operator >(PageIndex a, PageIndex b) => a.Value > b.Value;

    /// <summary>Whether the page lies before the other or is it.</summary>
    public static bool operator <=(PageIndex a, PageIndex b) => a.Value <= b.Value;

    /// <summary>Whether the page lies behind the other or is it.</summary>
    public static bool operator >=(PageIndex a, PageIndex b) => a.Value >= b.Value;

    /// <inheritdoc/>
    public int CompareTo(PageIndex other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
