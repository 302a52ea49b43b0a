namespace Reflink.Studies.Scenarios.Measures;

/// <summary>A figure that a study's report shows.</summary>
/// <param name="Title">What stands above it.</param>
/// <param name="Kind">How it is drawn.</param>
/// <param name="X">The parameter or value along the horizontal axis; of a heat map, its columns.</param>
/// <param name="Y">The values that are drawn: a line or a group of bars for each; of a heat map the one that colours.</param>
/// <param name="By">The parameter whose values have a line each; of a heat map, its rows; null for none.</param>
public sealed record ScenarioChart(string Title, ChartKind Kind, string X, IReadOnlyList<string> Y, string? By);
