namespace Reflink.Units;

/// <summary>The number of a user; 0 is root.</summary>
public readonly record struct UserId(int Value) : IComparable<UserId>
{
    /// <inheritdoc/>
    public int CompareTo(UserId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
