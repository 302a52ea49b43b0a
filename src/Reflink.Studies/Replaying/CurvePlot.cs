using Reflink.Units;
using ScottPlot;

namespace Reflink.Studies.Replaying;

/// <summary>Miss-ratio curves as a picture.</summary>
public static class CurvePlot
{
    private const int Width = 900;
    private const int Height = 600;

    /// <summary>What <see cref="Save"/> takes.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".svg", ".png"];

    /// <summary>Draws curves over memory in MiB.</summary>
    /// <param name="curves">The curves.</param>
    /// <param name="title">What stands above.</param>
    /// <param name="path">Where to: a .svg or .png file.</param>
    /// <exception cref="ReflinkException">EINVAL: another kind of file.</exception>
    public static void Save(IEnumerable<MissRatioCurve> curves, string title, string path)
    {
        ArgumentNullException.ThrowIfNull(curves);
        using var plot = new Plot();
        foreach (var curve in curves)
        {
            var line = plot.Add.Scatter(curve.Points.Select(p => (double)p.Pages * Page.Size / (1 << 20)).ToArray(), curve.Points.Select(p => p.MissRatio).ToArray());
            line.LegendText = curve.Policy;
        }

        plot.Title(title);
        plot.XLabel("memory, MiB");
        plot.YLabel("misses an access");
        plot.Axes.SetLimitsY(0, 1);
        plot.ShowLegend();
        switch (Path.GetExtension(path))
        {
            case ".svg":
                plot.SaveSvg(path, Width, Height);
                break;
            case ".png":
                plot.SavePng(path, Width, Height);
                break;
            default:
                throw new ReflinkException(Errno.EINVAL, $"'{path}' is no picture that can be drawn; name it {string.Join(" or ", Extensions)}");
        }
    }
}
