using CsCheck;
using Reflink.Patching.Sets;

namespace Reflink.Tests.Patching;

/// <summary>Whatever entries there are: their order does not show, and the text loses nothing.</summary>
public sealed class PatchSetPropertyTests
{
    /// <summary>Bytes are functions of their offset, and gaps keep entries apart, so every list of entries is a valid set.</summary>
    private static readonly Gen<Entry> s_genEntry =
        from slot in Gen.Int[0, 60]
        from page in Gen.OneOf<long>(0L, 1, 511, 1L << 40)
        from length in Gen.Int[1, 8]
        from name in Gen.OneOf<string?>(null, "main", "operator new(unsigned long)", "#hash", "0x1 2 3", "größe", "a\"b\\c<d>", "\ud83d\ude00")
        select new Entry((page << 12) + (slot * 8), length, name);

    private static readonly Gen<PatchTarget> s_genTarget =
        from file in Gen.OneOf<string?>(null, "/lib/a b: c.so", "x")
        from id in Gen.OneOf<string?>(null, "97DA31", "00")
        from size in Gen.OneOf<long?>(null, 1L << 60)
        from content in Gen.OneOf<string?>(null, new string('a', 64))
        select new PatchTarget(file, id, size, content);

    [Fact]
    public void The_order_of_adding_does_not_show() =>
        Gen.Select(s_genEntry.Array[0, 60], Gen.Int).Sample((entries, seed) =>
        {
            var shuffled = entries.ToArray();
            new Random(seed).Shuffle(shuffled);
            return Text(Build(OneLengthASlot(entries))) == Text(Build(OneLengthASlot(shuffled)))
                && Build(OneLengthASlot(entries)).Id == Build(OneLengthASlot(shuffled)).Id;
        });

    [Fact]
    public void Text_round_trips_exactly() =>
        Gen.Select(s_genEntry.Array[0, 60], s_genTarget).Sample((entries, target) =>
        {
            var set = Build(OneLengthASlot(entries), target);
            var text = Text(set);
            var back = PatchSetText.Read(new StringReader(text), "test");
            Assert.Equal(set.Target, back.Target);
            Assert.Equal(set.Id, back.Id);
            Assert.Equal(set.Count, back.Count);
            Assert.Equal(Enumerable.Range(0, set.Count).Select(set.Name), Enumerable.Range(0, back.Count).Select(back.Name));
            Assert.Equal(text, Text(back));
        });

    [Fact]
    public void JSON_round_trips_exactly_and_is_the_same_set_as_the_text() =>
        Gen.Select(s_genEntry.Array[0, 60], s_genTarget).Sample((entries, target) =>
        {
            var set = Build(OneLengthASlot(entries), target);
            var json = Json(set);
            var back = PatchSetJson.Read(new StringReader(json), "test");
            Assert.Equal(set.Id, back.Id);
            Assert.Equal(json, Json(back));
            Assert.Equal(Text(set), Text(back));
        });

    private static IEnumerable<Entry> OneLengthASlot(Entry[] entries)
    {
        var lengths = entries.GroupBy(e => e.Offset).ToDictionary(g => g.Key, g => g.Max(e => e.Length));
        return entries.Select(e => e with { Length = lengths[e.Offset] });
    }

    private static PatchSet Build(IEnumerable<Entry> entries, PatchTarget? target = null)
    {
        var builder = new PatchSetBuilder(target);
        foreach (var (offset, length, name) in entries)
        {
            builder.Add(offset, Bytes(offset, length, 31), Bytes(offset, length, 29), name);
        }

        return builder.Build();
    }

    /// <summary>Old and new bytes differ at most offsets but not at offset 0, so entries without effect occur as well.</summary>
    private static byte[] Bytes(long offset, int length, int factor) =>
        [.. Enumerable.Range(0, length).Select(i => (byte)((offset * factor) & 0xff))];

    private static string Text(PatchSet set)
    {
        var writer = new StringWriter();
        PatchSetText.Write(set, writer);
        return writer.ToString();
    }

    private static string Json(PatchSet set)
    {
        var writer = new StringWriter();
        PatchSetJson.Write(set, writer);
        return writer.ToString();
    }

    private sealed record Entry(long Offset, int Length, string? Name);
}
