using System.Globalization;

namespace Reflink.Studies.Experiments;

/// <summary>How people write how much of memory may be dirty: off, the kernel's values, or two percentages.</summary>
public static class DirtyText
{
    /// <summary>No limits.</summary>
    public const string Off = "off";

    /// <summary>What <see cref="TryParse"/> takes, for messages.</summary>
    public const string Takes = "off (only a sync and reclaim write), kernel (10,20), or two percentages of memory, from which on the flusher writes and writers wait, such as 5,10";

    private const string Kernel = "kernel";

    /// <summary>Reads it; the limits are null for none.</summary>
    public static bool TryParse(string text, out DirtyLimits? limits)
    {
        ArgumentNullException.ThrowIfNull(text);
        limits = text == Kernel ? new DirtyLimits() : Custom(text);
        return limits is not null || text == Off;
    }

    private static DirtyLimits? Custom(string text) =>
        text.Split(',') is [var background, var limit] && Percent(background) is { } low && Percent(limit) is { } high ? new DirtyLimits { BackgroundRatio = low, Ratio = high } : null;

    private static int? Percent(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 100 ? number : null;
}
