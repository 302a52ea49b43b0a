using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using Reflink.Studies.Plotting;

namespace Reflink.Studies.Comparison;

/// <summary>A comparison as a picture: for each mechanism the memory in use after patching, at the peak, and after reverting.</summary>
public static class ComparisonPlot
{
    private const int Width = 900;
    private const int RowHeight = 44;
    private const int Frame = 150;
    private const int LeftMargin = 180;
    private const double PagesPerMebibyte = (1 << 20) / (double)Page.Size;

    /// <summary>Draws it.</summary>
    /// <param name="result">What was compared.</param>
    /// <returns>An SVG document.</returns>
    public static string Svg(ComparisonResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var model = SvgPlot.Make($"{result.Sites:N0} patches in {result.Processes:N0} processes of {Path.GetFileName(result.Binary.Path)}");
        model.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.BottomCenter, LegendOrientation = LegendOrientation.Horizontal, LegendPadding = 20, LegendItemSpacing = 60 });

        // Names are drawn in fonts that are wider than the one that margins are measured with.
        model.PlotMargins = new OxyThickness(LeftMargin, double.NaN, double.NaN, double.NaN);

        // The first mechanism stands on top, as in the table.
        var names = new CategoryAxis { Position = AxisPosition.Left, StartPosition = 1, EndPosition = 0, GapWidth = 0.4, MinorTickSize = 0 };
        names.Labels.AddRange(result.Mechanisms.Select(m => m.Name));
        model.Axes.Add(names);
        var memory = SvgPlot.Axis(AxisPosition.Bottom, "MiB of memory");
        memory.Minimum = 0;
        memory.MaximumPadding = 0.02;
        model.Axes.Add(memory);
        (string Title, Func<MechanismFigures, long> Pages)[] bars =
        [
            ("at the peak", m => m.PatchPeakFrames), ("after patching", m => m.TotalFrames), ("reverted", m => m.FramesAfterRevert),
        ];
        foreach (var (at, (title, pages)) in bars.Index())
        {
            var bar = new BarSeries { Title = title, FillColor = SvgPlot.Colours[at], StrokeThickness = 0 };
            bar.Items.AddRange(result.Mechanisms.Select(m => new BarItem(pages(m) / PagesPerMebibyte)));
            model.Series.Add(bar);
        }

        return SvgPlot.Draw(model, Width, Frame + (RowHeight * result.Mechanisms.Count));
    }
}
