namespace Reflink.Measuring;

/// <summary>How a contestant did. Without <see cref="Times"/> it was skipped.</summary>
/// <param name="Contestant">Who.</param>
/// <param name="Times">Nanoseconds an operation, a sample a round; in <see cref="Samples"/>' statistics.</param>
/// <param name="Allocated">Managed bytes an operation.</param>
/// <param name="Ratio">Times to ours' (or the model's), each round's to the same round's; the median of those.</param>
public sealed record Standing(Contestant Contestant, Samples? Times, double Allocated, double? Ratio);
