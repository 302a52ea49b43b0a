using OxyPlot;
using OxyPlot.Axes;

namespace Reflink.Studies.Reporting;

/// <summary>An axis of numbers with labels where a chart has points, and nowhere else.</summary>
internal sealed class LabelledAxis : LinearAxis
{
    private const int MostLabels = 12;
    private const double Margin = 0.03;
    private readonly IReadOnlyList<double> _positions;
    private readonly IReadOnlyList<string> _labels;

    public LabelledAxis(ChartData chart)
    {
        (_positions, _labels) = (chart.Positions, chart.Labels!);
        var range = Math.Max(1, _positions[^1] - _positions[0]);
        (Position, Title, AxisTitleDistance) = (AxisPosition.Bottom, chart.X, 20);
        (Minimum, Maximum) = (_positions[0] - (Margin * range), _positions[^1] + (Margin * range));
        (MajorGridlineStyle, MajorGridlineColor, TicklineColor, MinorTickSize) = (LineStyle.Solid, OxyColor.FromRgb(230, 230, 230), OxyColors.Gray, 0);
    }

    public override void GetTickValues(out IList<double> majorLabelValues, out IList<double> majorTickValues, out IList<double> minorTickValues)
    {
        var step = ((_positions.Count - 1) / MostLabels) + 1;
        majorLabelValues = majorTickValues = [.. _positions.Where((_, i) => i % step == 0)];
        minorTickValues = [];
    }

    protected override string FormatValueOverride(double x)
    {
        var nearest = Enumerable.Range(0, _positions.Count).MinBy(i => Math.Abs(_positions[i] - x));
        return _labels[nearest];
    }
}
