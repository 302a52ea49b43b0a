using OxyPlot;
using OxyPlot.Series;

namespace Reflink.Studies.Reporting;

/// <summary>Bars with a whisker where seeds differ: from the low to the high end of the line's spread, which need not be equally far from the bar's end.</summary>
internal sealed class SpreadBarSeries(ChartLine line) : BarSeries
{
    private const double EndShare = 0.25;

    protected override void UpdateMaxMin()
    {
        base.UpdateMaxMin();
        var ends = line.Low.Concat(line.High).OfType<double>().ToList();
        if (ends.Count > 0)
        {
            (MinX, MaxX) = (Math.Min(MinX, ends.Min()), Math.Max(MaxX, ends.Max()));
        }
    }

    protected override void RenderItem(IRenderContext rc, double barValue, double categoryValue, double actualBarWidth, BarItem item, OxyRect rect)
    {
        base.RenderItem(rc, barValue, categoryValue, actualBarWidth, item, rect);
        if (Items.IndexOf(item) is var at && line.Low[at] is { } low && line.High[at] is { } high && low < high)
        {
            var (from, to, y, end) = (this.Transform(low, categoryValue).X, this.Transform(high, categoryValue).X, rect.Center.Y, rect.Height * EndShare);
            foreach (var (x1, y1, x2, y2) in new[] { (from, y, to, y), (from, y - end, from, y + end), (to, y - end, to, y + end) })
            {
                rc.DrawLine([new ScreenPoint(x1, y1), new ScreenPoint(x2, y2)], OxyColors.Black, 1, EdgeRenderingMode, null, LineJoin.Miter);
            }
        }
    }
}
