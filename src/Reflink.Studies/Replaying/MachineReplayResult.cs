namespace Reflink.Studies.Replaying;

/// <summary>A trace, and how machines did on it.</summary>
/// <param name="Facts">The trace.</param>
/// <param name="Options">What it was replayed on.</param>
/// <param name="Rows">A row for each size of memory and policy.</param>
public sealed record MachineReplayResult(TraceFacts Facts, MachineReplayOptions Options, IReadOnlyList<MachineReplayRow> Rows);
