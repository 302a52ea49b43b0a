using System.Globalization;

namespace Reflink.Studies.Experiments;

/// <summary>A number of bytes as people type it.</summary>
/// <param name="Bytes">The number.</param>
public readonly record struct ByteSize(long Bytes)
{
    /// <summary>What <see cref="TryParse"/> takes, for messages.</summary>
    public const string Takes = "bytes, such as 4096, 0x1000, 64K, 64MiB or 2G";

    private const string Units = "KMGT";

    /// <summary>
    /// Reads a decimal number with or without a unit (K, M, G, T, also KiB and so on: powers of 1,024), or a hexadecimal one
    /// behind 0x.
    /// </summary>
    public static bool TryParse(string text, out long bytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes) && bytes >= 0;
        }

        var number = text.EndsWith("iB", StringComparison.OrdinalIgnoreCase) && text.Length > 2 && !char.IsAsciiDigit(text[^3]) ? text[..^2] : text;
        var unit = number.Length > 0 ? Units.IndexOf(char.ToUpperInvariant(number[^1]), StringComparison.Ordinal) : -1;
        if (!long.TryParse(unit < 0 ? number : number[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out bytes))
        {
            return false;
        }

        var shift = 10 * (unit + 1);
        var fits = bytes <= long.MaxValue >> shift;
        bytes = fits ? bytes << shift : 0;
        return fits;
    }

    /// <summary>In the largest unit that divides it: <c>64MiB</c>.</summary>
    public override string ToString()
    {
        var unit = Bytes == 0 ? 0 : Math.Min(Units.Length, (int)long.TrailingZeroCount(Bytes) / 10);
        var number = (Bytes >> (10 * unit)).ToString(CultureInfo.InvariantCulture);
        return unit == 0 ? number : $"{number}{Units[unit - 1]}iB";
    }
}
