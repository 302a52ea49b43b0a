using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using Reflink.Studies.Experiments;
using Reflink.Units;

namespace Reflink.Studies.Replaying;

/// <summary>Miss-ratio curves as a picture.</summary>
public static class CurvePlot
{
    private const int Width = 900;
    private const int Height = 600;
    private const int MostLabels = 10;

    // Colours that colour-blind people tell apart (M. Okabe and K. Ito, 2008), without the yellow, which is faint on white.
    private static readonly OxyColor[] s_colours =
    [
        OxyColor.FromRgb(0, 114, 178), OxyColor.FromRgb(213, 94, 0), OxyColor.FromRgb(0, 158, 115), OxyColor.FromRgb(204, 121, 167),
        OxyColor.FromRgb(230, 159, 0), OxyColor.FromRgb(86, 180, 233), OxyColor.FromRgb(0, 0, 0),
    ];

    private static readonly LineStyle[] s_lines = [LineStyle.Solid, LineStyle.Dash, LineStyle.Dot];

    /// <summary>The formats that there are, as names of files end.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".svg"];

    /// <summary>Draws curves over memory, in which each size is as far from its double everywhere: sizes are spaced so.</summary>
    /// <param name="curves">The curves.</param>
    /// <param name="title">What stands above.</param>
    /// <returns>An SVG document.</returns>
    public static string Svg(IReadOnlyCollection<MissRatioCurve> curves, string title)
    {
        ArgumentNullException.ThrowIfNull(curves);
        var model = new PlotModel
        {
            Title = title, Culture = CultureInfo.InvariantCulture, Background = OxyColors.White, DefaultFont = "Helvetica, Arial, sans-serif", PlotAreaBorderColor = OxyColors.Gray,
        };

        // The padding is for fonts that are wider than the one that the legend is measured with: what is drawn outside it is cut off.
        model.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.RightTop, LegendTitle = "policy", LegendPadding = 20, LegendLineSpacing = 8 });
        model.Axes.Add(Memory([.. curves.SelectMany(c => c.Points).Select(p => Exponent(p.Pages))]));
        model.Axes.Add(Axis(AxisPosition.Left, "misses per access", 0, 1, 0.1));
        foreach (var (at, curve) in curves.Index())
        {
            model.Series.Add(Line(curve, at));
        }

        // Many viewers besides browsers draw text where it stands, whatever the baseline that it asks for.
        return new SvgExporter { Width = Width, Height = Height, UseVerticalTextAlignmentWorkaround = true }.ExportToString(model);
    }

    private static LineSeries Line(MissRatioCurve curve, int at)
    {
        var colour = s_colours[at % s_colours.Length];
        var line = new LineSeries
        {
            Title = curve.Policy, Color = colour, LineStyle = s_lines[at / s_colours.Length % s_lines.Length],
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

    private static LinearAxis Axis(AxisPosition position, string title, double least, double most, double step) => new()
    {
        Position = position, Title = title, Minimum = least, Maximum = most, MajorStep = step, MinorTickSize = 0, AxisTitleDistance = 20,
        MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = OxyColor.FromRgb(230, 230, 230), TicklineColor = OxyColors.Gray,
    };

    private static double Exponent(long pages) => Math.Log2(pages) + Page.Shift;

    private static string Size(double exponent) => exponent is >= 0 and < 63 ? new ByteSize(1L << (int)Math.Round(exponent)).ToString() : "";
}
