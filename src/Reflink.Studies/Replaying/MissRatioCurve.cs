namespace Reflink.Studies.Replaying;

/// <summary>The miss ratio of one policy by the size of memory.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Points">Sizes in pages, ascending, and the miss ratio of each.</param>
/// <param name="Sample">Which part of the pages it was found with; 1: it is exact.</param>
public sealed record MissRatioCurve(string Policy, IReadOnlyList<(long Pages, double MissRatio)> Points, double Sample)
{
    /// <summary>How many samples it is the mean of.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>How far a sample is from the mean at most, at any size, in parts of one; 0 for an exact curve.</summary>
    public double Spread { get; init; }
}
