namespace Reflink.Studies.Comparison;

/// <summary>A mechanism that cannot do what was planned.</summary>
/// <param name="Name">The mechanism.</param>
/// <param name="Reason">Why, and what it could do.</param>
public sealed record RefusedMechanism(string Name, string Reason);
