using System.Globalization;
using System.Text;

namespace Reflink.Cli;

/// <summary>Writes names so that a shell reads them back, and a terminal is not commanded by them: as ls does (QUOTING_STYLE=shell-escape).</summary>
internal static class ShellQuoting
{
    // What shells take for more than a letter; quotearg.c of gnulib has the same.
    private const string Special = " !\"$&'()*;<=>[\\^`|";
    private const string SpecialFirst = "#~";

    /// <summary>The name itself if it is plain, otherwise with quotes; what cannot be seen is written by its bytes, <c>$'\n'</c> or <c>$'\033'</c>.</summary>
    public static string Quote(string name)
    {
        var runes = name.EnumerateRunes().ToArray();
        if (runes.Length > 0 && !runes.Any(r => IsHidden(r) || (r.IsAscii && Special.Contains((char)r.Value, StringComparison.Ordinal))) && !SpecialFirst.Contains(name[0], StringComparison.Ordinal))
        {
            return name;
        }

        if (!runes.Any(IsHidden) && name.Contains('\'', StringComparison.Ordinal) && !name.AsSpan().ContainsAny("\"$`\\!"))
        {
            return $"\"{name}\"";
        }

        var quoted = new StringBuilder("'");
        var isEscaping = false;
        foreach (var rune in runes)
        {
            if (IsHidden(rune) != isEscaping)
            {
                quoted.Append(isEscaping ? "''" : "'$'");
                isEscaping = !isEscaping;
            }

            quoted.Append(isEscaping ? Escaped(rune) : rune.Value == '\'' ? "'\\''" : rune.ToString());
        }

        return quoted.Append('\'').ToString();
    }

    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Escaped(Rune rune) => rune.Value switch
    {
        '\a' => "\\a",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\v' => "\\v",
        '\f' => "\\f",
        '\r' => "\\r",
        _ => string.Concat(Encoding.UTF8.GetBytes(rune.ToString()).Select(b => $"\\{Convert.ToString(b, 8).PadLeft(3, '0')}")),
    };
}
