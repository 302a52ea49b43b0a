namespace Reflink.Units;

/// <summary>A half-open range of pages of an address space: <see cref="Start"/> is in it, <see cref="End"/> is not.</summary>
internal readonly record struct VirtualRange(VirtualPage Start, long Length)
{
    /// <summary>The first page behind the range.</summary>
    public VirtualPage End => Start + Length;

    /// <summary>Whether the range holds no page.</summary>
    public bool IsEmpty => Length <= 0;

    /// <summary>The range from <paramref name="start"/> up to but without <paramref name="end"/>; empty when they cross.</summary>
    public static VirtualRange Between(VirtualPage start, VirtualPage end) => new(start, Math.Max(0, end - start));

    /// <summary>What both ranges hold; empty if nothing.</summary>
    public VirtualRange Intersect(VirtualRange other) =>
        Between(Start > other.Start ? Start : other.Start, End < other.End ? End : other.End);

    /// <inheritdoc/>
    public override string ToString() => $"[{Start},{End})";
}
