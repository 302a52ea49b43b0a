using System.Globalization;

namespace Reflink.Fidelity;

/// <summary>Seeds as they are named on a command line: A..B, both included.</summary>
internal static class SeedRange
{
    /// <summary>The seeds, if the text names any.</summary>
    public static bool TryParse(string text, out IEnumerable<int> seeds)
    {
        seeds = [];
        if (text.Split("..") is not [var from, var to]
            || !int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var last) || last < first)
        {
            return false;
        }

        seeds = Enumerable.Range(first, last - first + 1);
        return true;
    }
}
