namespace Reflink.Studies.Replaying;

/// <summary>What a trace is, for whoever wonders at a miss ratio.</summary>
/// <param name="Format">Its format.</param>
/// <param name="Requests">Requests in it.</param>
/// <param name="Accesses">Accesses to pages that these are; with a sample, those that it leaves out too.</param>
/// <param name="Sampled">Accesses that were replayed.</param>
/// <param name="Reads">Of these, reads.</param>
/// <param name="Writes">And writes.</param>
/// <param name="Distinct">Pages that they go to: each is a cold miss, whatever the policy.</param>
/// <param name="Sample">Which part of the pages was replayed.</param>
public sealed record TraceFacts(string Format, long Requests, long Accesses, long Sampled, long Reads, long Writes, long Distinct, double Sample)
{
    /// <summary>What else must be known before the figures are believed.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Pages that the whole trace goes to, as the sample says.</summary>
    public long Footprint => (long)Math.Round(Distinct / Sample);
}
