using System.CommandLine;
using System.Globalization;

namespace Reflink.Cli.Caching;

/// <summary>The option that says how much of memory may be dirty: off, the kernel's values, or two percentages.</summary>
internal static class DirtyOption
{
    private const string Off = "off";
    private const string Kernel = "kernel";
    private const string Takes = "off (only a sync and reclaim write), kernel (10,20), or two percentages of memory, from which on the flusher writes and writers wait, such as 5,10";

    public static Option<string> Make(string needs) =>
        OptionKinds.Words("--dirty", Off, "LIMITS", $"{needs}How much of memory may be dirty: {Takes}", text => text == Off || Parse(text) is not null, Takes);

    /// <summary>The limits; null: off.</summary>
    public static DirtyLimits? Parse(string text) => text == Kernel ? new DirtyLimits() : Custom(text);

    private static DirtyLimits? Custom(string text) =>
        text.Split(',') is [var background, var limit] && Percent(background) is { } low && Percent(limit) is { } high ? new DirtyLimits { BackgroundRatio = low, Ratio = high } : null;

    private static int? Percent(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 100 ? number : null;
}
