namespace Reflink.Fidelity;

/// <summary>How the model compared with one live filesystem.</summary>
/// <param name="Filesystem">Which.</param>
/// <param name="Scripts">Scripts that were played.</param>
/// <param name="Steps">Their steps, added up.</param>
/// <param name="DifferentSeeds">Seeds whose scripts showed a difference.</param>
/// <param name="Skipped">Why nothing was played; null if it was.</param>
internal sealed record VolumeVerdict(string Filesystem, int Scripts, int Steps, IReadOnlyList<int> DifferentSeeds, string? Skipped)
{
    /// <inheritdoc/>
    public override string ToString() => Skipped is null
        ? $"{Filesystem}: {Scripts} scripts, {Steps} steps: {(DifferentSeeds.Count == 0 ? "equal" : $"{DifferentSeeds.Count} scripts differ")}"
        : $"{Filesystem}: skipped: {Skipped}";
}
