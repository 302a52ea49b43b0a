namespace Reflink.Measuring;

/// <summary>A figure that was asked for, and what was measured.</summary>
/// <param name="What">The figure, in words.</param>
/// <param name="Measured">What was measured; null if it could not be.</param>
/// <param name="Limit">The bound.</param>
/// <param name="Unit">The unit of both, with its space, such as " µs" or "×".</param>
public sealed record Claim(string What, double? Measured, double Limit, string Unit)
{
    /// <summary>Which way the limit bounds; upwards if nothing is said.</summary>
    public ClaimBound Bound { get; init; }

    /// <summary>Whether it was measured and keeps the bound. What was not measured, or is no number, does not hold.</summary>
    public bool Holds => Bound switch
    {
        ClaimBound.Least => Measured >= Limit,
        ClaimBound.Exactly => Measured == Limit,
        _ => Measured <= Limit,
    };

    /// <summary>An upper bound.</summary>
    public static Claim Most(string what, double? measured, double limit, string unit) => new(what, measured, limit, unit);

    /// <summary>A lower bound.</summary>
    public static Claim Least(string what, double? measured, double limit, string unit) =>
        new(what, measured, limit, unit) { Bound = ClaimBound.Least };

    /// <summary>A figure that is counted and can be only one.</summary>
    public static Claim Exactly(string what, double? measured, double limit, string unit) =>
        new(what, measured, limit, unit) { Bound = ClaimBound.Exactly };

    public override string ToString() =>
        $"{What}: {(Measured is { } value ? Figures.Of(value) + Unit : "not measured")} ({(Bound == ClaimBound.Exactly ? "" : "at ")}{Bound.ToString().ToLowerInvariant()} {Figures.Of(Limit)}{Unit})";
}
