using System.Globalization;

namespace Reflink.Units;

/// <summary>What may stand in one line of a text format, and how numbers and bytes stand there.</summary>
internal static class PlainText
{
    /// <summary>Whether the text survives a line of the format: not empty, no control characters, no blanks at either end.</summary>
    internal static bool IsPlain(string text) =>
        text.Length > 0 && !char.IsWhiteSpace(text[0]) && !char.IsWhiteSpace(text[^1]) && !BreaksLine(text);

    /// <summary>Whether the text is one or more whole bytes in hexadecimal.</summary>
    internal static bool IsHex(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length % 2 != 0)
        {
            return false;
        }

        foreach (var digit in text)
        {
            if (!char.IsAsciiHexDigit(digit))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The file offset that the text is, in hexadecimal behind 0x; null if it is none.</summary>
    internal static long? Offset(string text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var offset) && offset >= 0
            ? offset
            : null;

    /// <summary>The number that the text is, in hexadecimal behind 0x or in decimal digits; null if it is none below 2^63.</summary>
    internal static long? Number(string text) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? Offset(text)
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    internal static string NotPlain(string what) => $"the {what} is empty, has blanks at an end, or holds control characters";

    /// <summary>Half a surrogate pair would not survive UTF-8, and U+2028 and U+2029 end a line for some editors.</summary>
    private static bool BreaksLine(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) || text[i] is '\u2028' or '\u2029')
            {
                return true;
            }

            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i++))
            {
                return true;
            }
        }

        return false;
    }
}
