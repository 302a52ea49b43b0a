using System.Globalization;
using Reflink.Units;

namespace Reflink.Elf;

/// <summary>A place in some binary as users type it: <c>PROVIDER:NAME</c>, <c>SYMBOL</c>, <c>SYMBOL+OFF</c> or <c>0xFILEOFFSET</c>.</summary>
/// <remarks>
/// As bpftrace, perf and SystemTap spell them. In names <c>*</c> stands for any text and <c>?</c> for any character. OFF is decimal, or hexadecimal behind 0x.
/// </remarks>
public sealed class SitePlace
{
    private const string Hex = "0x";

    private SitePlace(string text, string? provider, string? name, long offset) =>
        (Text, Provider, Name, Offset) = (text, provider, name, offset);

    /// <summary>What was typed.</summary>
    public string Text { get; }

    /// <summary>The provider of a probe, or null if no probe is meant.</summary>
    internal string? Provider { get; }

    /// <summary>The name of a probe or of a function, or null if a file offset is meant.</summary>
    internal string? Name { get; }

    /// <summary>Bytes behind the function's beginning, or the file offset.</summary>
    internal long Offset { get; }

    /// <summary>Which of the kinds of sites it is: probes, or places in functions.</summary>
    public SiteKind Kind => Provider is null ? SiteKind.Functions : SiteKind.Sdt;

    /// <summary>Takes apart what was typed.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is none of these.</exception>
    public static SitePlace Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0)
        {
            return colon > 0 && colon < text.Length - 1 && text.IndexOf(':', colon + 1) < 0
                ? new(text, text[..colon], text[(colon + 1)..], 0)
                : throw Wrong(text);
        }

        if (text.StartsWith(Hex, StringComparison.OrdinalIgnoreCase))
        {
            return Number(text) is { } offset ? new(text, null, null, offset) : throw Wrong(text);
        }

        // A name may hold a plus; what follows the last one is an offset only if it is a number.
        var plus = text.LastIndexOf('+');
        return text.Length == 0 || text.Any(char.IsWhiteSpace) || plus == 0 || plus == text.Length - 1 ? throw Wrong(text)
            : plus > 0 && Number(text[(plus + 1)..]) is { } inside ? new(text, null, text[..plus], inside)
            : new(text, null, text, 0);
    }

    /// <summary>The sites of a file that are meant, in order of offset.</summary>
    /// <exception cref="ReflinkException">
    /// ENOENT: there is no such name; the nearest are named. EINVAL: the place is behind the function, inside an instruction, or no code.
    /// ENOEXEC: a table of the file is malformed.
    /// </exception>
    public IReadOnlyList<Site> Find(ElfFile elf)
    {
        ArgumentNullException.ThrowIfNull(elf);
        return Provider is not null ? TypedProbes.Find(elf, this) : TypedFunctions.Find(elf, this);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static long? Number(string text)
    {
        var isHex = text.StartsWith(Hex, StringComparison.OrdinalIgnoreCase);
        return long.TryParse(
            isHex ? text.AsSpan(Hex.Length) : text, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? number
            : null;
    }

    private static ReflinkException Wrong(string text) => new(
        Errno.EINVAL, $"'{text}' names no site; give PROVIDER:NAME, SYMBOL, SYMBOL+OFF or 0xFILEOFFSET");
}
