namespace Reflink.Studies.Scenarios.Measures;

/// <summary>What a run measured at one moment.</summary>
/// <param name="Time">Nanoseconds of simulated time since the machine was switched on.</param>
/// <param name="Label">What the scenario calls the moment; empty if time alone chose it.</param>
/// <param name="Values">A value for each metric of the scenario, in its order; null where the machine does not keep it.</param>
public sealed record SampleRow(long Time, string Label, IReadOnlyList<long?> Values);
