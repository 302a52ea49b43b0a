namespace Reflink.Units;

/// <summary>
/// The number of a block: its kind in the high bits, a serial number below. A serial number is never given twice, so the
/// number is the block's birth as well, and a number kept after the block's death can never name another block.
/// </summary>
public readonly record struct BlockNumber(long Value) : IComparable<BlockNumber>
{
    private const int KindShift = 60;

    /// <summary>Block 0, which reads as zeroes everywhere.</summary>
    public static readonly BlockNumber Zero;

    /// <summary>
    /// Stored block 0: space that is kept for a page, but was not written (an unwritten extent). Like block 0 it reads as zeroes and
    /// is no block of its own; unlike it, every page mapped to it is counted.
    /// </summary>
    public static readonly BlockNumber Unwritten = Of(BlockKind.Stored, 0);

    /// <summary>The kind that the number names.</summary>
    public BlockKind Kind => (BlockKind)(Value >> KindShift);

    /// <summary>Whether this is block 0 of any kind, which has no bytes and reads as zeroes.</summary>
    public bool IsZero => Value << (64 - KindShift) == 0;

    /// <summary>The serial number within the kind.</summary>
    public long Serial => Value & ((1L << KindShift) - 1);

    /// <summary>The block of that kind and serial number (1 and up).</summary>
    public static BlockNumber Of(BlockKind kind, long serial) => new(((long)kind << KindShift) | serial);

    /// <summary>The block <paramref name="count"/> further on in a run of blocks; every page of a run of block 0 is block 0.</summary>
    public static BlockNumber operator +(BlockNumber block, long count) => block.IsZero ? block : new(block.Value + count);

    /// <summary>How many blocks lie between two of one kind.</summary>
    public static long operator -(BlockNumber block, BlockNumber other) => block.Value - other.Value;

    /// <inheritdoc/>
    public int CompareTo(BlockNumber other) => Value.CompareTo(other.Value);

    /// <summary>The letter of the kind and the serial number, as snapshots print it: <c>z</c>, <c>u</c>, <c>s12</c>, <c>a7</c>, <c>d3</c>.</summary>
    public override string ToString() => Kind switch
    {
        BlockKind.Zero => "z",
        BlockKind.Stored when IsZero => "u",
        BlockKind.Stored => $"s{Serial}",
        BlockKind.Anonymous => $"a{Serial}",
        _ => $"d{Serial}",
    };
}
