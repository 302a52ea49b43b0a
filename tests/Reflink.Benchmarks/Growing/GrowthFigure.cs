using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using Reflink.Measuring;
using Reflink.Studies.Plotting;

namespace Reflink.Benchmarks.Growing;

/// <summary>What an operation takes over the number of pages, both on logarithmic scales: what costs the same at any size is a level line.</summary>
internal static class GrowthFigure
{
    private const int Width = 900;
    private const int Height = 560;

    public static string Svg(IEnumerable<(string What, long Pages, Samples Times)> rows)
    {
        var model = SvgPlot.Make("Time of an operation by size");
        model.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.RightTop, LegendPadding = 30, LegendLineSpacing = 8 });
        model.Axes.Add(Axis(AxisPosition.Bottom, "pages", pages => $"{pages:N0}"));
        model.Axes.Add(Axis(AxisPosition.Left, "nanoseconds", nanoseconds => $"{nanoseconds:N0}"));
        foreach (var (at, line) in rows.GroupBy(row => row.What).Index())
        {
            var colour = SvgPlot.Colours[at % SvgPlot.Colours.Count];
            var series = new LineSeries { Title = line.Key, Color = colour, MarkerType = MarkerType.Circle, MarkerSize = 3, MarkerFill = colour };
            series.Points.AddRange(line.Select(row => new DataPoint(row.Pages, row.Times.Median)));
            model.Series.Add(series);
        }

        return SvgPlot.Draw(model, Width, Height);
    }

    private static LogarithmicAxis Axis(AxisPosition position, string title, Func<double, string> label) => new()
    {
        Position = position, Title = title, MinorTickSize = 0, AxisTitleDistance = 20, LabelFormatter = label,
        MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = OxyColor.FromRgb(230, 230, 230), TicklineColor = OxyColors.Gray,
        MinimumPadding = 0.05, MaximumPadding = 0.05,
    };
}
