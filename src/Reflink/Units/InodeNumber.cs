namespace Reflink.Units;

/// <summary>The number of an inode, unique in a machine and never used again. 0 names none.</summary>
public readonly record struct InodeNumber(long Value) : IComparable<InodeNumber>
{
    /// <inheritdoc/>
    public int CompareTo(InodeNumber other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
