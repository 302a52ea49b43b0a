
namespace Reflink.Studies.Traces.Formats;

internal static class TraceText
{
    private const int Longest = 60;

    /// <summary>As much of a line as a message can bear.</summary>
    public static string Short(ReadOnlySpan<char> text) => text.Length <= Longest ? text.ToString() : $"{text[..Longest]}…";

    /// <summary>The next word, and what is behind it.</summary>
    public static ReadOnlySpan<char> Word(ref ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        var end = text.IndexOfAny(' ', '\t');
        var word = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[end..].TrimStart();
        return word;
    }
}
