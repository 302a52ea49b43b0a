namespace Reflink.Measuring;

/// <summary>A figure that was asked for, and what was measured.</summary>
/// <param name="What">The figure, in words.</param>
/// <param name="Measured">What was measured; null if it could not be.</param>
/// <param name="Limit">The bound.</param>
/// <param name="Unit">The unit of both, with its space, such as " µs" or "×".</param>
public sealed record Claim(string What, double? Measured, double Limit, string Unit)
{
    /// <summary>Whether the bound is a lower one.</summary>
    public bool AtLeast { get; init; }

    /// <summary>Whether it was measured and keeps the bound. What was not measured, or is no number, does not hold.</summary>
    public bool Holds => AtLeast ? Measured >= Limit : Measured <= Limit;

    /// <summary>An upper bound.</summary>
    public static Claim Most(string what, double? measured, double limit, string unit) => new(what, measured, limit, unit);

    /// <summary>A lower bound.</summary>
    public static Claim Least(string what, double? measured, double limit, string unit) =>
        new(what, measured, limit, unit) { AtLeast = true };

    public override string ToString() =>
        $"{What}: {(Measured is { } value ? Figures.Of(value) + Unit : "not measured")} ({(AtLeast ? "at least" : "at most")} {Figures.Of(Limit)}{Unit})";
}
