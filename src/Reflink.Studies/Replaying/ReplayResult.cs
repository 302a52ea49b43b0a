namespace Reflink.Studies.Replaying;

/// <summary>A trace, and how policies did on it.</summary>
public sealed record ReplayResult(TraceFacts Facts, IReadOnlyList<ReplayRow> Rows);
