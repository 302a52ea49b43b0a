namespace Reflink;

/// <summary>The one page size of the model: 4,096 bytes, as on x86-64. A block, a frame and a page of a file are all this long.</summary>
public static class Page
{
    /// <summary>Bytes in a page.</summary>
    public const int Size = 1 << Shift;

    /// <summary>log2 of <see cref="Size"/>.</summary>
    public const int Shift = 12;

    /// <summary>Pages that hold <paramref name="bytes"/> bytes, the last one perhaps in part.</summary>
    public static long CountFor(long bytes) => (bytes + Size - 1) >> Shift;
}
