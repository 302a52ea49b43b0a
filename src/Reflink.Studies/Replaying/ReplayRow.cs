using Reflink.Cache.Simulation;

namespace Reflink.Studies.Replaying;

/// <summary>One policy with one size of memory.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Pages">Pages of memory that were asked for.</param>
/// <param name="Simulated">Pages of memory that were simulated: fewer, in a sample.</param>
/// <param name="MissRatio">Misses an access; in a sample, an access of those that were to be expected.</param>
/// <param name="Counts">What happened after the warm-up.</param>
public sealed record ReplayRow(string Policy, long Pages, int Simulated, double MissRatio, SimulationCounts Counts);
