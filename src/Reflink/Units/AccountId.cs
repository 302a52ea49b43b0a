namespace Reflink.Units;

/// <summary>The account that work is charged to: account 0 is the machine itself, others are processes and daemons.</summary>
public readonly record struct AccountId(int Value) : IComparable<AccountId>
{
    /// <inheritdoc/>
    public int CompareTo(AccountId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
