using Reflink.Studies.Scenarios.Measures;

namespace Reflink.Studies.Reporting;

/// <summary>A chart with the numbers that it draws: the page and the figures are made from the same.</summary>
/// <param name="Title">What stands above it.</param>
/// <param name="Panel">Which values of further parameters it is for; empty if there are none.</param>
/// <param name="Kind">How it is drawn.</param>
/// <param name="X">What is along the horizontal axis.</param>
/// <param name="Y">What is drawn: names of values, joined by commas.</param>
/// <param name="By">The parameters that differ from line to line, joined by commas; empty for none.</param>
/// <param name="Positions">Where on the axis each point stands, upwards.</param>
/// <param name="Labels">What stands there, for each position; null where the numbers speak for themselves.</param>
/// <param name="Lines">The lines, or groups of bars, or rows of a heat map; none if there is nothing to draw, which <paramref name="Note"/> then explains.</param>
/// <param name="Note">What the chart does not show, and why; empty if it shows all.</param>
internal sealed record ChartData(
    string Title, string Panel, ChartKind Kind, string X, string Y, string By,
    IReadOnlyList<double> Positions, IReadOnlyList<string>? Labels, IReadOnlyList<ChartLine> Lines, string Note);
