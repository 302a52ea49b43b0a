using System.Collections;

namespace Reflink.SnapshotEngine.Objects;

/// <summary>Dictionaries are shown in the order of their keys.</summary>
internal static class KeyOrder
{
    /// <summary>Verify's order depends on the culture's data; keys that only a culture can order are refused.</summary>
    public static IReadOnlyList<string> Sort(ICollection keys)
    {
        var names = new List<string>();
        foreach (var key in keys)
        {
            names.Add(key as string ?? throw Scalars.Refusal($"keys of type {key.GetType().Name}"));
        }

        var ordinal = names.Order(StringComparer.Ordinal).ToList();
        var cultural = names.OrderBy(Fold, StringComparer.Ordinal).ThenBy(n => n, Comparer<string>.Create(LowerFirst));
        return ordinal.SequenceEqual(cultural)
            ? ordinal
            : throw Scalars.Refusal($"keys whose order depends on the culture ({string.Join(", ", ordinal)})");
    }

    // Punctuation comes before everything, and case counts last.
    private static string Fold(string key) =>
        string.Concat(key.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '\u0001'));

    private static int LowerFirst(string a, string b) => string.CompareOrdinal(b, a);
}
