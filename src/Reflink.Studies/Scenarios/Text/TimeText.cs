using System.Globalization;

namespace Reflink.Studies.Scenarios.Text;

/// <summary>A length of time as people write it, such as 10ms.</summary>
internal static class TimeText
{
    /// <summary>What <see cref="TryParse"/> takes, for messages.</summary>
    public const string Takes = "100us, 10ms or 2s";

    private static readonly (string Unit, long Nanoseconds)[] s_units = [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)];

    public static bool TryParse(string text, out long nanoseconds)
    {
        foreach (var (unit, length) in s_units.Where(u => text.EndsWith(u.Unit, StringComparison.Ordinal)))
        {
            if (long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= long.MaxValue / length / 1000)
            {
                nanoseconds = count * length;
                return true;
            }
        }

        nanoseconds = 0;
        return false;
    }
}
