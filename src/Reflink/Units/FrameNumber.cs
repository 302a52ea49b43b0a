namespace Reflink.Units;

/// <summary>The number of a page of physical memory, from 0.</summary>
/// <remarks>
/// It is borrowed: whatever needs memory may give the frame to another block. A build for debugging notices when the bytes of a
/// frame are asked for with a number that was handed out before that.
/// </remarks>
public readonly record struct FrameNumber(int Value) : IComparable<FrameNumber>
{
#if DEBUG
    internal FrameNumber(int value, int generation)
        : this(value) => Generation = generation;

    /// <summary>How often the frame had lost its block when the number was handed out; 0: it was not handed out, but counted.</summary>
    internal int Generation { get; }

    /// <inheritdoc/>
    public bool Equals(FrameNumber other) => Value == other.Value;

    /// <inheritdoc/>
    public override int GetHashCode() => Value;
#endif

    /// <inheritdoc/>
    public int CompareTo(FrameNumber other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
