using System.CommandLine;
using System.Globalization;
using Reflink.Studies.Experiments;

namespace Reflink.Cli.Caching;

/// <summary>The option that says how long a disk takes: a name, or a latency and a bandwidth.</summary>
internal static class DeviceOption
{
    private const string Instant = "instant";

    private static readonly (string Unit, double Microseconds)[] s_units = [("us", 1), ("ms", 1_000), ("s", 1_000_000)];

    private static readonly string s_takes = $"{Instant}, {string.Join(", ", DeviceModel.Known.Select(d => d.Name))}, or a latency (us, ms or s, a minute at the most) and bytes a second (4096 at the least) such as 100us,500MiB";

    public static Option<string> Make(string description) =>
        OptionKinds.Words("--device", Instant, "DISK", $"{description}: {s_takes}", text => text == Instant || Parse(text) is not null, s_takes);

    /// <summary>How long the disk takes; null: no time.</summary>
    public static DeviceModel? Parse(string text) => DeviceModel.Known.FirstOrDefault(d => d.Name == text) ?? Custom(text);

    private static DeviceModel? Custom(string text) =>
        text.Split(',') is [var latency, var bandwidth] && ParseTime(latency) is { } time && ByteSize.TryParse(bandwidth, out var bytes) && bytes >= Page.Size
            ? new DeviceModel(text, time, time, bytes, bytes)
            : null;

    private static TimeSpan? ParseTime(string text)
    {
        foreach (var (unit, microseconds) in s_units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal) && double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * microseconds <= DeviceModel.SlowestLatency.TotalMicroseconds)
            {
                return TimeSpan.FromMicroseconds(number * microseconds);
            }
        }

        return null;
    }
}
