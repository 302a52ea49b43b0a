using Reflink.Patching.Sets;
using Reflink.Units;

namespace Reflink.Tests.Patching;

public sealed class PatchSetTests
{
    [Fact]
    public void Entries_come_out_sorted_whatever_the_order_of_adding()
    {
        var set = new PatchSetBuilder()
            .Add(0x20, [1, 2], [3, 4], "second")
            .Add(0x10, [5], [6], "first")
            .Build();

        Assert.Equal(2, set.Count);
        Assert.Equal(0x10, set.Offset(0));
        Assert.Equal("first", set.Name(0));
        Assert.Equal([1, 2], set.Old(1).ToArray());
        Assert.Equal([3, 4], set.New(1).ToArray());
        Assert.Equal(3, set.ByteCount);
    }

    [Fact]
    public void Equal_entries_become_one_and_the_first_name_in_ordinal_order_stays()
    {
        var a = new PatchSetBuilder().Add(8, [1], [2]).Add(8, [1], [2], "b").Add(8, [1], [2], "a").Build();
        var b = new PatchSetBuilder().Add(8, [1], [2], "a").Add(8, [1], [2]).Add(8, [1], [2], "b").Build();

        Assert.Equal(1, a.Count);
        Assert.Equal("a", a.Name(0));
        Assert.Equal("a", b.Name(0));
        Assert.Equal(a.Id, b.Id);
    }

    [Fact]
    public void An_entry_without_effect_is_left_out()
    {
        var with = new PatchSetBuilder().Add(4, [9], [9]).Add(8, [1], [2]).Build();
        var without = new PatchSetBuilder().Add(8, [1], [2]).Build();

        Assert.Equal(without.Count, with.Count);
        Assert.Equal(without.Id, with.Id);
    }

    [Theory]
    [InlineData(0x10, 0x10)]
    [InlineData(0x10, 0x11)]
    [InlineData(0x11, 0x10)]
    public void Overlapping_entries_are_refused_by_name(long first, long second)
    {
        var builder = new PatchSetBuilder().Add(first, [1, 2], [3, 4], "one").Add(second, [2, 7], [8, 9], "other");

        var failure = Assert.Throws<ReflinkException>(builder.Build);
        Assert.Equal(Errno.EINVAL, failure.Error);
        Assert.Contains($"0x{first:x}+2 (one)", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"0x{second:x}+2 (other)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_without_effect_still_claims_its_bytes() =>
        Assert.Throws<ReflinkException>(new PatchSetBuilder().Add(1, [1, 2], [1, 2]).Add(2, [3], [4]).Build);

    [Fact]
    public void An_overlap_is_found_behind_a_duplicate() =>
        Assert.Throws<ReflinkException>(new PatchSetBuilder().Add(0, [1, 1], [2, 2]).Add(0, [1, 1], [2, 2]).Add(1, [1], [3]).Build);

    [Fact]
    public void Neighbours_do_not_overlap() =>
        Assert.Equal(2, new PatchSetBuilder().Add(1, [1, 2], [2, 1]).Add(3, [3], [4]).Build().Count);

    [Fact]
    public void The_id_ignores_names_and_target_but_no_byte()
    {
        var id = new PatchSetBuilder(new PatchTarget("a", "ab", 100)).Add(8, [1], [2], "x").Build().Id;

        Assert.Equal(id, new PatchSetBuilder().Add(8, [1], [2]).Build().Id);
        Assert.NotEqual(id, new PatchSetBuilder().Add(9, [1], [2]).Build().Id);
        Assert.NotEqual(id, new PatchSetBuilder().Add(8, [3], [2]).Build().Id);
        Assert.NotEqual(id, new PatchSetBuilder().Add(8, [1], [3]).Build().Id);
    }

    [Fact]
    public void Pages_are_counted_once_and_an_entry_across_an_end_counts_both()
    {
        var set = new PatchSetBuilder()
            .Add(0, [1], [2])
            .Add(4094, [1], [2])
            .Add(4095, [1, 1], [2, 2])
            .Add(4100, [1], [2])
            .Add(3 * 4096, [1], [2])
            .Build();

        Assert.Equal(3, set.CountPages());
        Assert.Equal(0, new PatchSetBuilder().Build().CountPages());
    }
}
