namespace Reflink.Units;

/// <summary>The number of a group of processes whose memory is charged together (a memory cgroup); 0 is the root group.</summary>
/// <param name="Value">0 to 2^26 - 1.</param>
/// <exception cref="ReflinkException">EINVAL: another number.</exception>
public readonly record struct GroupId(int Value) : IComparable<GroupId>
{
    /// <summary>The number.</summary>
    public int Value { get; } = Value is >= 0 and <= TickWord.Largest
        ? Value
        : throw new ReflinkException(Errno.EINVAL, $"group {Value}; groups are numbered from 0 to {TickWord.Largest}");

    /// <inheritdoc/>
    public int CompareTo(GroupId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
