using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using Reflink.Studies.Plotting;
using Reflink.Studies.Scenarios.Measures;

namespace Reflink.Studies.Reporting;

/// <summary>A chart as a figure for a paper.</summary>
internal static class ReportFigure
{
    private const int Width = 900;
    private const int Height = 560;
    private const int LabelMargin = 140;
    private const byte BandOpacity = 50;
    private const int RowHeight = 22;
    private const int Frame = 160;
    private const double Padding = 0.04;

    public static string Svg(ChartData chart)
    {
        var model = SvgPlot.Make(chart.Panel.Length == 0 ? chart.Title : $"{chart.Title} ({chart.Panel})");
        model.Subtitle = chart.Note.Length == 0 ? null : chart.Note;
        if (chart.Lines.Count > 1 && chart.Kind != ChartKind.Heat)
        {
            model.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.BottomCenter, LegendOrientation = LegendOrientation.Horizontal, LegendPadding = 40, LegendItemSpacing = 60 });
        }

        var height = chart.Kind switch
        {
            ChartKind.Heat => Heat(model, chart),
            ChartKind.Bar => Bars(model, chart),
            _ => Lines(model, chart),
        };
        return SvgPlot.Draw(model, Width, height);
    }

    private static int Lines(PlotModel model, ChartData chart)
    {
        model.Axes.Add(Across(chart));
        var up = SvgPlot.Axis(AxisPosition.Left, chart.Y);
        (up.MinimumPadding, up.MaximumPadding) = (Padding, Padding);
        model.Axes.Add(up);
        foreach (var (at, line) in chart.Lines.Index())
        {
            var colour = SvgPlot.Colours[at % SvgPlot.Colours.Count];
            if (line.IsSpread)
            {
                var band = new AreaSeries { Fill = OxyColor.FromAColor(BandOpacity, colour), StrokeThickness = 0, RenderInLegend = false };
                band.Points.AddRange(Points(chart, line.Low));
                band.Points2.AddRange(Points(chart, line.High));
                model.Series.Add(band);
            }

            var series = new LineSeries { Title = line.Name, Color = colour, MarkerType = MarkerType.Circle, MarkerSize = 2.5, MarkerFill = colour };
            series.Points.AddRange(Points(chart, line.Middle));
            model.Series.Add(series);
        }

        return Height;
    }

    private static int Bars(PlotModel model, ChartData chart)
    {
        model.PlotMargins = new OxyThickness(LabelMargin, double.NaN, double.NaN, double.NaN);
        var names = Words(AxisPosition.Left, chart.X, Labels(chart));
        (names.StartPosition, names.EndPosition) = (1, 0);
        model.Axes.Add(names);
        var along = SvgPlot.Axis(AxisPosition.Bottom, chart.Y);
        (along.MinimumPadding, along.MaximumPadding) = (0, Padding);
        model.Axes.Add(along);
        foreach (var (at, line) in chart.Lines.Index())
        {
            var bar = new SpreadBarSeries(line) { Title = line.Name, FillColor = SvgPlot.Colours[at % SvgPlot.Colours.Count], StrokeThickness = 0 };
            bar.Items.AddRange(line.Middle.Select(value => new BarItem(value ?? double.NaN)));
            model.Series.Add(bar);
        }

        return Frame + (RowHeight * chart.Positions.Count * Math.Max(2, chart.Lines.Count));
    }

    private static int Heat(PlotModel model, ChartData chart)
    {
        model.PlotMargins = new OxyThickness(LabelMargin, double.NaN, double.NaN, double.NaN);
        model.Axes.Add(Words(AxisPosition.Bottom, chart.X, Labels(chart)));
        model.Axes.Add(Words(AxisPosition.Left, chart.By, [.. chart.Lines.Select(line => line.Name)]));
        model.Axes.Add(new LinearColorAxis { Position = AxisPosition.Right, Palette = OxyPalettes.Viridis(), InvalidNumberColor = OxyColors.White, Title = chart.Y, AxisTitleDistance = 20 });
        var cells = new double[chart.Positions.Count, chart.Lines.Count];
        foreach (var (y, line) in chart.Lines.Index())
        {
            foreach (var (x, value) in line.Middle.Index())
            {
                cells[x, y] = value ?? double.NaN;
            }
        }

        model.Series.Add(new HeatMapSeries { X0 = 0, X1 = chart.Positions.Count - 1, Y0 = 0, Y1 = chart.Lines.Count - 1, Interpolate = false, RenderMethod = HeatMapRenderMethod.Rectangles, Data = cells });
        return Height;
    }

    private static IEnumerable<DataPoint> Points(ChartData chart, IReadOnlyList<double?> values) =>
        chart.Positions.Zip(values).Where(p => p.Second is not null).Select(p => new DataPoint(p.First, p.Second!.Value));

    private static List<string> Labels(ChartData chart) => [.. chart.Labels ?? [.. chart.Positions.Select(p => $"{p}")]];

    private static CategoryAxis Words(AxisPosition position, string title, List<string> labels)
    {
        var axis = new CategoryAxis { Position = position, Title = title, GapWidth = 0.4, MinorTickSize = 0, AxisTitleDistance = 20 };
        axis.Labels.AddRange(labels);
        return axis;
    }

    private static LinearAxis Across(ChartData chart) => chart.Labels is null ? SvgPlot.Axis(AxisPosition.Bottom, chart.X) : new LabelledAxis(chart);
}
