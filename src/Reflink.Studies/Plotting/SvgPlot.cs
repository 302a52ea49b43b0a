using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;

namespace Reflink.Studies.Plotting;

/// <summary>What all pictures have in common: their format, colours, font and axes.</summary>
public static class SvgPlot
{
    /// <summary>The formats that there are, as names of files end.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".svg"];

    /// <summary>Colours that colour-blind people tell apart (M. Okabe and K. Ito, 2008), without the yellow, which is faint on white.</summary>
    internal static IReadOnlyList<OxyColor> Colours { get; } =
    [
        OxyColor.FromRgb(0, 114, 178), OxyColor.FromRgb(213, 94, 0), OxyColor.FromRgb(0, 158, 115), OxyColor.FromRgb(204, 121, 167),
        OxyColor.FromRgb(230, 159, 0), OxyColor.FromRgb(86, 180, 233), OxyColor.FromRgb(0, 0, 0),
    ];

    /// <summary>A picture with nothing in it yet.</summary>
    internal static PlotModel Make(string title) => new()
    {
        Title = title, Culture = CultureInfo.InvariantCulture, Background = OxyColors.White, DefaultFont = "Helvetica, Arial, sans-serif", PlotAreaBorderColor = OxyColors.Gray,
    };

    /// <summary>An axis of numbers with lines across the picture.</summary>
    internal static LinearAxis Axis(AxisPosition position, string title) => new()
    {
        Position = position, Title = title, MinorTickSize = 0, AxisTitleDistance = 20,
        MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = OxyColor.FromRgb(230, 230, 230), TicklineColor = OxyColors.Gray,
    };

    /// <summary>The picture as an SVG document. Many viewers besides browsers draw text where it stands, whatever the baseline that it asks for.</summary>
    internal static string Draw(PlotModel model, int width, int height) =>
        new SvgExporter { Width = width, Height = height, UseVerticalTextAlignmentWorkaround = true }.ExportToString(model);
}
