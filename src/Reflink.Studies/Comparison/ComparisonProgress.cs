namespace Reflink.Studies.Comparison;

/// <summary>How far a comparison is.</summary>
/// <param name="Mechanism">What is tried now.</param>
/// <param name="IsTight">Whether memory is a quarter of what the mechanism used at its peak.</param>
/// <param name="Phase">What happens now.</param>
/// <param name="Done">Steps of this mechanism and memory size that are done.</param>
/// <param name="Total">Of so many.</param>
public readonly record struct ComparisonProgress(string Mechanism, bool IsTight, ComparisonPhase Phase, int Done, int Total);
