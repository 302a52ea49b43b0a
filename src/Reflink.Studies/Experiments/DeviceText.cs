using System.Globalization;

namespace Reflink.Studies.Experiments;

/// <summary>How people write how long a disk takes: a name, or a latency and a bandwidth.</summary>
public static class DeviceText
{
    /// <summary>The disk that takes no time.</summary>
    public const string Instant = "instant";

    private static readonly (string Unit, double Microseconds)[] s_units = [("us", 1), ("ms", 1_000), ("s", 1_000_000)];

    /// <summary>What <see cref="TryParse"/> takes, for messages.</summary>
    public static string Takes { get; } = $"{Instant}, {string.Join(", ", DeviceModel.Known.Select(d => d.Name))}, or a latency (us, ms or s, a minute at the most) and bytes a second (4096 at the least) such as 100us,500MiB";

    /// <summary>Reads it; the device is null for a disk that takes no time.</summary>
    public static bool TryParse(string text, out DeviceModel? device)
    {
        ArgumentNullException.ThrowIfNull(text);
        device = DeviceModel.Known.FirstOrDefault(d => d.Name == text) ?? Custom(text);
        return device is not null || text == Instant;
    }

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
