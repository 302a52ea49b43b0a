using System.Text;

namespace Reflink.SnapshotEngine;

/// <summary>What counts as the same text, and how text is written down.</summary>
internal static class TextRules
{
    // Verify takes many more; these are the ones we know it takes as text.
    private static readonly HashSet<string> s_extensions =
        new(["txt", "md", "json", "xml", "csv", "html", "svg", "yaml", "yml"], StringComparer.Ordinal);

    /// <summary>Strict: text that is no text (half a surrogate pair) fails rather than turning into question marks.</summary>
    public static Encoding Utf8(bool bom) => new UTF8Encoding(bom, throwOnInvalidBytes: true);

    /// <summary>What stands for a string that is given as a whole.</summary>
    public static string Plain(string? target)
    {
        if (target is null)
        {
            return "null";
        }

        var text = target.StartsWith('\uFEFF') ? target[1..] : target;
        if (text.StartsWith('\uFEFF'))
        {
            throw new NotSupportedException("The own snapshot engine does not take text with two byte order marks as Verify would: take them away.");
        }

        return text.Length == 0 ? "emptyString" : text;
    }

    /// <summary>The same for a string whose file has an extension of its own.</summary>
    public static string Plain(string? target, string extension) => string.IsNullOrEmpty(target) || target.StartsWith('\uFEFF')
        ? throw new NotSupportedException(
            $"The own snapshot engine does not take null, an empty text or one with a byte order mark as '{extension}' as Verify would: leave the extension out.")
        : target;

    public static string Newlines(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    /// <summary>An editor may add one final newline to a verified file; nothing else is forgiven.</summary>
    public static bool Same(string received, string verified) =>
        string.Equals(received, verified, StringComparison.Ordinal) ||
        string.Equals(received + "\n", verified, StringComparison.Ordinal);

    public static string Extension(string extension) => s_extensions.Contains(extension)
        ? extension
        : throw new NotSupportedException(
            $"The extension '{extension}' is not known to be text ({string.Join(", ", s_extensions.Order(StringComparer.Ordinal))}).");
}
