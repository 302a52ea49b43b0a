namespace Reflink.Patching.Sets;

/// <summary>How sets are called: <c>GROUP/EVENT</c>, as tracefs calls the events that tracers make (Linux, Documentation/trace/kprobetrace.rst).</summary>
public static class PatchSetLabel
{
    /// <summary>What is wrong with a label, or null if nothing is.</summary>
    public static string? Problem(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash >= 0 && IsWord(name.AsSpan(0, slash)) && IsWord(name.AsSpan(slash + 1))
            ? null
            : $"the name '{name}' is not GROUP/EVENT, each of letters, digits and underscores, with no digit first";
    }

    private static bool IsWord(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return !text.IsEmpty && !char.IsAsciiDigit(text[0]);
    }
}
