using Reflink.Studies.Scenarios;

namespace Reflink.Studies.Sweeps;

/// <summary>How far a sweep is.</summary>
/// <param name="Done">Runs that are done, those of earlier sweeps included.</param>
/// <param name="Total">Runs that there are.</param>
/// <param name="Failed">How many of the done ones failed.</param>
/// <param name="Last">The one that was done last; null before the first.</param>
public sealed record SweepProgress(long Done, long Total, long Failed, RunResult? Last);
