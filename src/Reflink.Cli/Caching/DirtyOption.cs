using System.CommandLine;
using Reflink.Studies.Experiments;

namespace Reflink.Cli.Caching;

/// <summary>The option that says how much of memory may be dirty: off, the kernel's values, or two percentages.</summary>
internal static class DirtyOption
{
    public static Option<string> Make(string needs) =>
        OptionKinds.Words("--dirty", DirtyText.Off, "LIMITS", $"{needs}How much of memory may be dirty: {DirtyText.Takes}", text => DirtyText.TryParse(text, out _), DirtyText.Takes);

    /// <summary>The limits; null: off.</summary>
    public static DirtyLimits? Parse(string text) => DirtyText.TryParse(text, out var limits) ? limits : null;
}
