using VerifyTests;

namespace Reflink.SnapshotEngine;

/// <summary>What a comparison found: the received text, the verified one if there is any, and files nobody produced.</summary>
internal sealed record Outcome(FilePair File, string Received, string? Verified, IReadOnlyList<string> Stale)
{
    public bool Equal => Verified is not null && TextRules.Same(Received, Verified);

    public bool Passed => Equal && Stale.Count == 0;

    /// <summary>The failure's heading; null when the texts agree.</summary>
    public string? Kind => Verified is null ? "New" : Equal ? null : "NotEqual";
}
