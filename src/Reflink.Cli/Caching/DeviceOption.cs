using System.CommandLine;
using Reflink.Studies.Experiments;

namespace Reflink.Cli.Caching;

/// <summary>The option that says how long a disk takes: a name, or a latency and a bandwidth.</summary>
internal static class DeviceOption
{
    public static Option<string> Make(string description) =>
        OptionKinds.Words("--device", DeviceText.Instant, "DISK", $"{description}: {DeviceText.Takes}", text => DeviceText.TryParse(text, out _), DeviceText.Takes);

    /// <summary>How long the disk takes; null: no time.</summary>
    public static DeviceModel? Parse(string text) => DeviceText.TryParse(text, out var device) ? device : null;
}
