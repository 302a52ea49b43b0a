namespace Reflink.Units;

/// <summary>The number of a process, unique in a machine and never used again.</summary>
public readonly record struct ProcessId(int Value) : IComparable<ProcessId>
{
    /// <inheritdoc/>
    public int CompareTo(ProcessId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
