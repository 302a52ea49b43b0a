namespace Reflink.Units;

/// <summary>The number of a page of physical memory, from 0.</summary>
public readonly record struct FrameNumber(int Value) : IComparable<FrameNumber>
{
    /// <inheritdoc/>
    public int CompareTo(FrameNumber other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
