namespace Reflink.Studies.Sweeps;

/// <summary>What a sweep came to.</summary>
/// <param name="Total">Runs of the study.</param>
/// <param name="New">How many of them had not been done before.</param>
/// <param name="Failures">Runs that failed, and why.</param>
/// <param name="Table">All results.</param>
public sealed record SweepSummary(int Total, int New, IReadOnlyList<(string Run, string Failure)> Failures, ResultTable Table);
