namespace Reflink.Studies.Clusters;

/// <summary>A result that a cluster has stored.</summary>
/// <param name="Run">The number of the run in the plan, from 0.</param>
/// <param name="Text">The line that <see cref="Sweeps.RunJson"/> made of it.</param>
/// <param name="Began">When the run began, by its worker's clock.</param>
/// <param name="Milliseconds">How long it took.</param>
public sealed record FetchedRun(int Run, string Text, DateTimeOffset Began, long Milliseconds);
