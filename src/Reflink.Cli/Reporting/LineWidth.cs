using System.Globalization;

namespace Reflink.Cli.Reporting;

/// <summary>How wide lines may be: as the terminal is, or as COLUMNS says if there is none, so that a file is the same everywhere.</summary>
internal static class LineWidth
{
    /// <summary>For everything on one line.</summary>
    public const int Unlimited = int.MaxValue;

    private const int Usual = 80;
    private const int Least = 20;

    public static int Current => Math.Max(Least, !Console.IsOutputRedirected && Console.WindowWidth is > 0 and var width ? width : Environmental);

    private static int Environmental =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns > 0 ? columns : Usual;
}
