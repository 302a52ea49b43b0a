using System.Globalization;

namespace Reflink.Cli.Reporting;

/// <summary>Numbers of bytes for people, in a unit that suits them.</summary>
internal static class SizeText
{
    public static string Of(long bytes) => bytes switch
    {
        < 10L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:n0} KiB"),
        < 10L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:n0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:n0} GiB"),
    };
}
