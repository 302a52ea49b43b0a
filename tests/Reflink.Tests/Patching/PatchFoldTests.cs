using CsCheck;
using Reflink.Patching.Sets;

namespace Reflink.Tests.Patching;

public sealed class PatchFoldTests
{
    private const int Size = 60;

    // Few places and few bytes, so that entries touch, overlap and repeat, and so many entries that some follow each other in one set alone.
    private static readonly Gen<(int Offset, byte[] New)[]> s_edits =
        Gen.Select(Gen.Int[0, Size - 4], Gen.Byte[0, 2].Array[1, 4]).Array[0, 24];

    private static readonly Gen<byte[]> s_file = Gen.Byte[0, 2].Array[Size];

    [Fact]
    public void One_set_of_two_changes_what_both_do() => Gen.Select(s_file, s_edits, s_edits).Sample((file, first, second) =>
    {
        var (below, shown) = Made(file, first);
        var (above, expected) = Made(shown, second);
        var over = PatchFold.Over(below, above);
        Assert.Equal(expected, Applied(file, over));
        AssertOldBytes(file, over);
    });

    [Fact]
    public void The_inverse_over_the_first_set_leads_from_one_to_the_other() =>
        Gen.Select(s_file, s_edits, s_edits).Sample((file, first, second) =>
        {
            var (one, shown) = Made(file, first);
            var (other, expected) = Made(file, second);
            var between = PatchFold.Over(one.Inverse(), other);
            Assert.Equal(expected, Applied(shown, between));
            AssertOldBytes(shown, between);
        });

    [Fact]
    public void Disjoint_sets_commute()
    {
        var a = new PatchSetBuilder().Add(3, "x"u8, "1"u8).Add(90, "yy"u8, "22"u8).Build();
        var b = new PatchSetBuilder().Add(4, "z"u8, "3"u8).Build();
        Assert.Equal(PatchFold.Over(a, b).Id, PatchFold.Over(b, a).Id);
        Assert.Equal(3, PatchFold.Over(a, b).Count);
    }

    [Fact]
    public void Entries_keep_their_names_unless_another_set_changes_them()
    {
        var below = new PatchSetBuilder().Add(0, "a"u8, "1"u8, "one").Add(2, "b"u8, "2"u8, "two").Add(4, "c"u8, "3"u8).Build();
        var above = new PatchSetBuilder().Add(2, "2"u8, "4"u8, "four").Add(6, "d"u8, "5"u8, "five").Build();
        var over = PatchFold.Over(below, above);
        Assert.Equal(["one", null, null, "five"], Enumerable.Range(0, over.Count).Select(over.Name));
    }

    [Fact]
    public void A_set_and_its_inverse_change_nothing()
    {
        var set = new PatchSetBuilder().Add(3, "x"u8, "1"u8).Build();
        Assert.Equal(PatchSet.Empty.Id, PatchFold.Over(set, set.Inverse()).Id);
        Assert.Equal(set.Id, set.Inverse().Inverse().Id);
    }

    [Fact]
    public void Bytes_are_written_over_from_any_offset_on()
    {
        var set = new PatchSetBuilder().Add(2, "abc"u8, "123"u8).Add(8, "d"u8, "4"u8).Build();
        for (var offset = 0; offset < 10; offset++)
        {
            for (var length = 0; offset + length <= 10; length++)
            {
                var bytes = "..abc...d."u8[offset..(offset + length)].ToArray();
                set.WriteOver(offset, bytes);
                Assert.Equal("..123...4."u8[offset..(offset + length)].ToArray(), bytes);
            }
        }
    }

    private static (PatchSet Set, byte[] Shown) Made(byte[] shown, (int Offset, byte[] New)[] edits)
    {
        var builder = new PatchSetBuilder();
        var used = new bool[Size];
        foreach (var (offset, bytes) in edits)
        {
            if (!used.AsSpan(offset, bytes.Length).Contains(true))
            {
                builder.Add(offset, shown.AsSpan(offset, bytes.Length), bytes);
                used.AsSpan(offset, bytes.Length).Fill(true);
            }
        }

        var set = builder.Build();
        return (set, Applied(shown, set));
    }

    private static byte[] Applied(byte[] file, PatchSet set)
    {
        byte[] copy = [.. file];
        for (var i = 0; i < set.Count; i++)
        {
            set.New(i).CopyTo(copy.AsSpan((int)set.Offset(i)));
        }

        return copy;
    }

    private static void AssertOldBytes(byte[] file, PatchSet set)
    {
        for (var i = 0; i < set.Count; i++)
        {
            Assert.Equal(file.AsSpan((int)set.Offset(i), set.Old(i).Length).ToArray(), set.Old(i).ToArray());
        }
    }
}
