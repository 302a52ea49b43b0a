namespace Reflink.Elf;

/// <summary>Finds the names that somebody may have meant: those with the fewest letters to insert, delete, replace or swap with the next (F. Damerau, 1964).</summary>
public static class NearestNames
{
    private const int Most = 5;

    /// <summary>The five nearest of some names, the nearest first, then in ordinal order; none that has hardly a letter in common.</summary>
    /// <param name="word">What was typed.</param>
    /// <param name="names">What there is.</param>
    public static IReadOnlyList<string> Of(string word, IEnumerable<string> names) =>
    [
        .. names.Distinct(StringComparer.Ordinal)
            .Where(name => Math.Abs(name.Length - word.Length) <= Limit(word, name))
            .Select(name => (Name: name, Distance: Distance(word, name)))
            .Where(found => found.Distance <= Limit(word, found.Name))
            .OrderBy(found => found.Distance).ThenBy(found => found.Name, StringComparer.Ordinal)
            .Take(Most).Select(found => found.Name),
    ];

    /// <summary>Edits that turn one text into the other.</summary>
    internal static int Distance(string a, string b)
    {
        var (before, above, row) = (new int[b.Length + 1], Enumerable.Range(0, b.Length + 1).ToArray(), new int[b.Length + 1]);
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replace, 1 + Math.Min(above[j], row[j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, above, row) = (above, row, before);
        }

        return above[b.Length];
    }

    private static int Limit(string a, string b) => Math.Max(a.Length, b.Length) / 2;
}
