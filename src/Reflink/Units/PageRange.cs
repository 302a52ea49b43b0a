namespace Reflink.Units;

/// <summary>A half-open range of pages: <see cref="Start"/> is in it, <see cref="End"/> is not.</summary>
public readonly record struct PageRange(PageIndex Start, long Length)
{
    /// <summary>Every page that a file can have.</summary>
    public static readonly PageRange All = new(default, long.MaxValue >> Page.Shift);

    /// <summary>The first page behind the range.</summary>
    public PageIndex End => Start + Length;

    /// <summary>Whether the range holds no page.</summary>
    public bool IsEmpty => Length <= 0;

    /// <summary>The range from <paramref name="start"/> up to but without <paramref name="end"/>; empty when they cross.</summary>
    public static PageRange Between(PageIndex start, PageIndex end) => new(start, Math.Max(0, end - start));

    /// <summary>Whether the page lies in the range.</summary>
    public bool Contains(PageIndex page) => page >= Start && page < End;

    /// <summary>What both ranges hold; empty if nothing.</summary>
    public PageRange Intersect(PageRange other)
    {
        var start = Start > other.Start ? Start : other.Start;
        var end = End < other.End ? End : other.End;
        return Between(start, end);
    }

    /// <inheritdoc/>
    public override string ToString() => $"[{Start},{End})";
}
