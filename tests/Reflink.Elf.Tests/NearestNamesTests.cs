using CsCheck;
using Reflink.Elf.Tests.Made;

namespace Reflink.Elf.Tests;

/// <summary>Which names are named when one is not found, against the definition of the edit distance.</summary>
public sealed class NearestNamesTests
{
    private static readonly Gen<string> s_genWord = Gen.Char["abc"].Array[2, 6].Select(letters => new string(letters));

    [Fact]
    public void They_are_those_with_the_fewest_edits() =>
        Gen.Select(s_genWord, s_genWord.Array[1, 9]).Where((word, names) => !names.Contains(word)).Sample((word, names) =>
        {
            var nearest = names.Distinct()
                .Where(name => Edits(word, name) <= Math.Max(word.Length, name.Length) / 2)
                .OrderBy(name => Edits(word, name)).ThenBy(name => name, StringComparer.Ordinal).Take(5).ToList();
            var message = Miss(word, names);
            Assert.EndsWith(
                nearest.Count == 0 ? "'reflink sites' lists them" : $"; the nearest {(nearest.Count == 1 ? "is" : "are")} {string.Join(", ", nearest)}",
                message, StringComparison.Ordinal);
        });

    [Fact]
    public void Five_at_most_nearest_first_then_in_ordinal_order() => Assert.EndsWith(
        "the nearest are gc__beg, gc__begin, gc__Begin, gc__begins, gc__bigin",
        Miss("gc__begn", "gc__end", "gc__begin", "gc__begin", "gc__bigin", "gc__beg", "gc__begins", "gc__b", "unlike_any", "gc__Begin"),
        StringComparison.Ordinal);

    private static string Miss(string word, params string[] names)
    {
        var made = new MadeElf();
        made.Symbols.AddRange(names.Select((name, i) => new MadeSymbol(name, MadeElf.TextAddress + (ulong)(i * 16), 16)));
        var elf = ElfFile.FromBytes("made", made.Build());
        return Assert.Throws<ReflinkException>(() => SitePlace.Parse(word).Find(elf)).Message;
    }

    /// <summary>The recursion that defines the distance.</summary>
    private static int Edits(string a, string b) =>
        a.Length == 0 ? b.Length
        : b.Length == 0 ? a.Length
        : a[0] == b[0] ? Edits(a[1..], b[1..])
        : 1 + Math.Min(Math.Min(Edits(a[1..], b[1..]), Swapped(a, b)), Math.Min(Edits(a[1..], b), Edits(a, b[1..])));

    private static int Swapped(string a, string b) =>
        a.Length > 1 && b.Length > 1 && a[0] == b[1] && a[1] == b[0] ? Edits(a[2..], b[2..]) : int.MaxValue - 1;
}
