using Reflink.Studies.Experiments;
using Reflink.Units;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Reflink.Studies.Replaying;

/// <summary>Miss-ratio curves as a picture.</summary>
public static class CurvePlot
{
    private const int Width = 900;
    private const int Height = 600;

    /// <summary>What <see cref="Save"/> takes.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".svg", ".png"];

    /// <summary>Checks whether a picture can be saved there, before the curves are found.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ReflinkException">ENOENT: there is no such folder; EISDIR: it is a folder itself.</exception>
    public static void Require(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
        {
            throw new ReflinkException(Errno.ENOENT, $"there is no folder '{folder}' for the picture '{path}'; make it, or name another");
        }

        if (Directory.Exists(path))
        {
            throw new ReflinkException(Errno.EISDIR, $"'{path}' is a folder; name a file for the picture");
        }
    }

    /// <summary>Draws curves over memory, in which each size is as far from its double everywhere: sizes are spaced so.</summary>
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
            var line = plot.Add.Scatter(curve.Points.Select(p => Math.Log2(p.Pages) + Page.Shift).ToArray(), curve.Points.Select(p => p.MissRatio).ToArray());
            line.LegendText = curve.Policy;
        }

        plot.Title(title);
        plot.XLabel("memory");
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { IntegerTicksOnly = true, LabelFormatter = Size };
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

    private static string Size(double exponent) => exponent is >= 0 and < 63 ? new ByteSize(1L << (int)exponent).ToString() : "";
}
