using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using Reflink.Studies.Experiments;
using Reflink.Studies.Plotting;

namespace Reflink.Studies.Replaying;

/// <summary>Miss-ratio curves as a picture.</summary>
public static class CurvePlot
{
    private const int Width = 900;
    private const int Height = 600;
    private const int MostLabels = 10;

    private static readonly LineStyle[] s_lines = [LineStyle.Solid, LineStyle.Dash, LineStyle.Dot];

    /// <summary>Draws curves over memory, in which each size is as far from its double everywhere: sizes are spaced so.</summary>
    /// <param name="curves">The curves.</param>
    /// <param name="title">What stands above.</param>
    /// <returns>An SVG document.</returns>
    public static string Svg(IReadOnlyCollection<MissRatioCurve> curves, string title)
    {
        ArgumentNullException.ThrowIfNull(curves);
        var model = SvgPlot.Make(title);

        // The padding is for fonts that are wider than the one that the legend is measured with: what is drawn outside it is cut off.
        model.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.RightTop, LegendTitle = "policy", LegendPadding = 20, LegendLineSpacing = 8 });
        model.Axes.Add(Memory([.. curves.SelectMany(c => c.Points).Select(p => Exponent(p.Pages))]));
        model.Axes.Add(Axis(AxisPosition.Left, "misses per access", 0, 1, 0.1));
        foreach (var (at, curve) in curves.Index())
        {
            model.Series.Add(Line(curve, at));
        }

        return SvgPlot.Draw(model, Width, Height);
    }

    private static LineSeries Line(MissRatioCurve curve, int at)
    {
        var colour = SvgPlot.Colours[at % SvgPlot.Colours.Count];
        var line = new LineSeries
        {
            Title = curve.Policy, Color = colour, LineStyle = s_lines[at / SvgPlot.Colours.Count % s_lines.Length],
            MarkerType = MarkerType.Circle, MarkerSize = 2.5, MarkerFill = colour,
        };
        line.Points.AddRange(curve.Points.Select(p => new DataPoint(Exponent(p.Pages), p.MissRatio)));
        return line;
    }

    private static LinearAxis Memory(IReadOnlyCollection<double> exponents)
    {
        var (least, most) = exponents.Count == 0 ? (Page.Shift, Page.Shift) : (exponents.Min(), exponents.Max());
        var step = Math.Max(1, Math.Ceiling((most - least) / MostLabels));
        var axis = Axis(AxisPosition.Bottom, "memory, on a logarithmic scale", least - (0.2 * step), most + (0.2 * step), step);
        axis.LabelFormatter = Size;
        return axis;
    }

    private static LinearAxis Axis(AxisPosition position, string title, double least, double most, double step)
    {
        var axis = SvgPlot.Axis(position, title);
        (axis.Minimum, axis.Maximum, axis.MajorStep) = (least, most, step);
        return axis;
    }

    private static double Exponent(long pages) => Math.Log2(pages) + Page.Shift;

    private static string Size(double exponent) => exponent is >= 0 and < 63 ? new ByteSize(1L << (int)Math.Round(exponent)).ToString() : "";
}
