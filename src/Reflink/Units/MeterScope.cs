namespace Reflink.Units;

/// <summary>Lets one account pay while it lives, and the one before again afterwards.</summary>
public readonly ref struct MeterScope
{
    private readonly Meter _meter;
    private readonly AccountId _before;

    internal MeterScope(Meter meter, AccountId account)
    {
        _meter = meter;
        _before = meter.Charge(account);
        meter.Depth++;
    }

    /// <summary>Charges the account that was charged before again.</summary>
    public void Dispose()
    {
        _meter.Charge(_before);
        _meter.Depth--;
    }
}
