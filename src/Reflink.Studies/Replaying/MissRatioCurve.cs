namespace Reflink.Studies.Replaying;

/// <summary>The miss ratio of one policy by the size of memory.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Points">Sizes in pages, ascending, and the miss ratio of each.</param>
/// <param name="Sample">Which part of the pages it was found with; 1: it is exact.</param>
public sealed record MissRatioCurve(string Policy, IReadOnlyList<(long Pages, double MissRatio)> Points, double Sample);
