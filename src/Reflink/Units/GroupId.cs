namespace Reflink.Units;

/// <summary>The number of a group of processes whose memory is charged together (a memory cgroup); 0 is the root group.</summary>
public readonly record struct GroupId(int Value) : IComparable<GroupId>
{
    /// <inheritdoc/>
    public int CompareTo(GroupId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
