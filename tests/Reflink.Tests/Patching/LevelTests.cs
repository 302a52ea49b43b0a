using Reflink.Patching;
using Reflink.Patching.Sets;
using Reflink.Tests.Files;
using Reflink.Tests.Stories;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Patching;

/// <summary>Sets that lie one over the other in a mapping.</summary>
public sealed class LevelTests : IDisposable
{
    private const int P = Page.Size;
    private static readonly PatchSet s_forth = Set(16, "AAAA", "1234");
    private static readonly PatchSet s_onTop = Set(18, "34", "xy");
    private readonly Tale _tale = new(Tale.Patches);
    private readonly Process _process;
    private readonly long _address;

    public LevelTests()
    {
        _tale.Machine.Volume.Create("/lib").Write(0, Tale.Text(3 * P));
        (_process, _address) = _tale.Mapped("/lib", Protection.ReadExecute);
    }

    private Machine Machine => _tale.Machine;

    [Fact]
    public void Disjoint_sets_commute_and_are_one_inode_in_either_order()
    {
        var other = _process.Fork();
        var (a, b) = (Set(16, "A", "1"), Set(P + 16, "B", "2"));
        Machine.TextPoke.Apply(_process, _address, a);
        Machine.TextPoke.Apply(_process, _address, b);
        Machine.TextPoke.Apply(other, _address, b);
        Machine.TextPoke.Apply(other, _address, a);
        Assert.Same(Base(_process), Base(other));

        // All at once is the same file as well.
        var third = _process.Fork();
        Machine.TextPoke.Revert(third, _address, a);
        Machine.TextPoke.Replace(third, _address, b, new PatchSetBuilder().Add(P + 16, "B"u8, "2"u8).Add(16, "A"u8, "1"u8).Build());
        Assert.Same(Base(_process), Base(third));
    }

    [Fact]
    public void Levels_are_reverted_in_any_order()
    {
        PatchSet[] sets = [Set(16, "A", "1"), Set(20, "A", "2"), Set(P, "B", "3")];
        foreach (var order in (int[][])[[0, 1, 2], [2, 1, 0], [1, 0, 2]])
        {
            Array.ForEach(sets, s => Machine.TextPoke.Apply(_process, _address, s));
            Assert.Equal(["1AAA2", "3"], [Shown(16, 5), Shown(P, 1)]);
            Array.ForEach(order, i => Machine.TextPoke.Revert(_process, _address, sets[i]));
            Assert.Equal(["AAAAA", "B"], [Shown(16, 5), Shown(P, 1)]);
        }

        Assert.Same(Machine.Volume.Open("/lib").Inode, Base(_process));
    }

    [Fact]
    public void A_level_that_another_depends_on_is_busy_and_the_other_is_named()
    {
        Machine.TextPoke.Apply(_process, _address, s_forth);
        Machine.TextPoke.Apply(_process, _address, s_onTop);
        Assert.Equal("12xy", Shown(16, 4));

        var failure = Assert.Throws<ReflinkException>(() => Machine.TextPoke.Revert(_process, _address, s_forth));
        Assert.Equal(Errno.EBUSY, failure.Error);
        Assert.Contains(s_onTop.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Equal("12xy", Shown(16, 4));

        Machine.TextPoke.Revert(_process, _address, s_onTop);
        Assert.Equal("1234", Shown(16, 4));
        Machine.TextPoke.Revert(_process, _address, s_forth);
        Assert.Equal("AAAA", Shown(16, 4));
    }

    [Fact]
    public void Overlapping_different_entries_are_refused_and_the_one_in_the_way_is_named()
    {
        var below = new PatchSetBuilder().Add(16, "AAAA"u8, "1234"u8, "jump").Build();
        Machine.TextPoke.Apply(_process, _address, below);

        var failure = Assert.Throws<PatchRefusedException>(() => Machine.TextPoke.Apply(_process, _address, Set(19, "AA", "\u0001\u0001")));
        Assert.Equal("expected 4141, found 3441: conflicts with 0x10+4 (jump) of " + below, failure.Problems.Single().Reason);
        Assert.Equal("1234AA", Shown(16, 6));
    }

    [Fact]
    public void An_entry_of_two_tools_goes_with_the_last_of_them()
    {
        var (ours, theirs) = (Both(16, 40), Both(16, 60));
        Machine.TextPoke.Apply(_process, _address, ours);
        Machine.TextPoke.Apply(_process, _address, theirs);
        Assert.Equal(["!", "!", "!"], [Shown(16, 1), Shown(40, 1), Shown(60, 1)]);

        Machine.TextPoke.Revert(_process, _address, ours);
        Assert.Equal(["!", "A", "!"], [Shown(16, 1), Shown(40, 1), Shown(60, 1)]);
        Machine.TextPoke.Revert(_process, _address, theirs);
        Assert.Equal(["A", "A", "A"], [Shown(16, 1), Shown(40, 1), Shown(60, 1)]);
    }

    [Fact]
    public void An_entry_of_two_tools_is_applied_once_also_below_another_level()
    {
        Machine.TextPoke.Apply(_process, _address, Set(16, "A", "!"));
        Machine.TextPoke.Apply(_process, _address, Set(16, "!", "?"));
        Machine.TextPoke.Apply(_process, _address, Both(16, 40));
        Assert.Equal(["?", "!"], [Shown(16, 1), Shown(40, 1)]);

        Machine.TextPoke.Revert(_process, _address, Set(16, "!", "?"));
        Machine.TextPoke.Revert(_process, _address, Set(16, "A", "!"));
        Assert.Equal(["!", "!"], [Shown(16, 1), Shown(40, 1)]);
    }

    [Fact]
    public void A_set_that_undoes_another_shows_the_file_in_a_derived_inode_without_changed_pages()
    {
        Machine.TextPoke.Apply(_process, _address, s_forth);
        Machine.TextPoke.Apply(_process, _address, s_forth.Inverse());
        Assert.Equal("AAAA", Shown(16, 4));
        Assert.Contains(Machine.Derived.All, d => d.Derived == Base(_process) && d.Pages == 0);
        Assert.Equal(Errno.EBUSY, Errors.Of(() => Machine.TextPoke.Revert(_process, _address, s_forth)));
    }

    [Fact]
    public void An_entry_that_a_level_between_has_undone_is_applied_again()
    {
        Machine.TextPoke.Apply(_process, _address, Set(16, "A", "!"));
        Machine.TextPoke.Apply(_process, _address, Set(16, "!", "A"));
        Machine.TextPoke.Apply(_process, _address, Both(16, 40));
        Assert.Equal(["!", "!"], [Shown(16, 1), Shown(40, 1)]);

        // Without the one between it counts for both.
        Machine.TextPoke.Revert(_process, _address, Set(16, "!", "A"));
        Assert.Equal("!", Shown(16, 1));
        Machine.TextPoke.Revert(_process, _address, Set(16, "A", "!"));
        Assert.Equal("!", Shown(16, 1));
        Machine.TextPoke.Revert(_process, _address, Both(16, 40));
        Assert.Equal(["A", "A"], [Shown(16, 1), Shown(40, 1)]);
    }

    [Fact]
    public void Replacing_is_one_step_in_which_levels_above_must_still_fit()
    {
        Machine.TextPoke.Apply(_process, _address, s_forth);
        Machine.TextPoke.Apply(_process, _address, s_onTop);
        Assert.Equal(Errno.EBUSY, Errors.Of(() => Machine.TextPoke.Replace(_process, _address, s_forth, Set(16, "AA", "56"))));

        Machine.TextPoke.Replace(_process, _address, s_forth, Set(17, "AAA", "634"));
        Assert.Equal("A6xy", Shown(16, 4));
        Assert.Equal(2, TextPoke.LevelsOf(_process, _address).Count);
    }

    [Fact]
    public void What_replaces_a_set_may_overlap_it_but_must_fit_the_file()
    {
        Machine.TextPoke.Apply(_process, _address, s_forth);
        Assert.Throws<PatchRefusedException>(() => Machine.TextPoke.Replace(_process, _address, s_forth, Set(18, "34", "xy")));
        Assert.Equal("1234", Shown(16, 4));
        Machine.TextPoke.Replace(_process, _address, s_forth, Set(18, "AAAA", "pqrs"));
        Assert.Equal("AApqrs", Shown(16, 6));
    }

    [Fact]
    public void Levels_lie_over_the_version_that_the_first_was_made_from()
    {
        Machine.TextPoke.Apply(_process, _address, Set(16, "A", "1"));
        using var file = Machine.Volume.Open("/lib", OpenFlags.ReadWrite);
        file.Write(0, "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"u8);

        Machine.TextPoke.Apply(_process, _address, Set(20, "A", "2"));
        Assert.Equal("A1AAA2", Shown(15, 6));
        Machine.TextPoke.Revert(_process, _address, Set(16, "A", "1"));
        Assert.Equal("AAAAA2", Shown(15, 6));
        Machine.TextPoke.Revert(_process, _address, Set(20, "A", "2"));
        Assert.Equal("zzzzzz", Shown(15, 6));
        Assert.Throws<PatchRefusedException>(() => Machine.TextPoke.Apply(_process, _address, Set(16, "A", "1")));
    }

    [Fact]
    public void Private_copies_follow_every_level_and_bytes_of_a_debugger_are_shadowed()
    {
        Machine.TextPoke.Apply(_process, _address, s_forth);
        _process.Memory.DebugWrite(_address + 17, "D"u8);
        Machine.TextPoke.Apply(_process, _address, s_onTop);
        Assert.Equal("1Dxy", Shown(16, 4));

        Machine.TextPoke.Revert(_process, _address, s_onTop);
        Assert.Equal("1D34", Shown(16, 4));
        Assert.Equal([17L], Machine.TextPoke.Revert(_process, _address, s_forth).Shadowed);
        Assert.Equal("ADAA", Shown(16, 4));
    }

    [Fact]
    public void Bytes_that_an_entry_does_not_change_are_never_shadowed()
    {
        _process.Memory.DebugWrite(_address + 17, "D"u8);
        var set = Set(16, "AAAA", "1AA4");
        Assert.Throws<PatchRefusedException>(() => Machine.TextPoke.Apply(_process, _address, Set(16, "ADAA", "1DA4")));
        Assert.Empty(Machine.TextPoke.Apply(_process, _address, set).Shadowed);
        Assert.Equal("1DA4", Shown(16, 4));
    }

    [Fact]
    public void Only_the_poked_one_of_two_mappings_of_a_page_shows_it()
    {
        using var file = Machine.Volume.Open("/lib");
        var readable = _process.Memory.Map(file, 0, P, Protection.Read);
        Machine.TextPoke.Apply(_process, _address, s_forth);
        Assert.Equal("1234", Shown(16, 4));
        Assert.Equal("AAAA", Shown(readable - _address + 16, 4));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => Machine.TextPoke.Apply(_process, readable, s_forth)));
    }

    public void Dispose()
    {
        Assert.Empty(Fsck.Check(Machine));
        _tale.Dispose();
    }

    private static PatchSet Set(long offset, string old, string @new) =>
        new PatchSetBuilder().Add(offset, Bytes(old), Bytes(@new)).Build();

    private static PatchSet Both(long first, long second) =>
        new PatchSetBuilder().Add(first, "A"u8, "!"u8).Add(second, "A"u8, "!"u8).Build();

    private static byte[] Bytes(string text) => System.Text.Encoding.Latin1.GetBytes(text);

    private Reflink.Inodes.Inode Base(Process process) => process.Memory.Find(_address)!.Base!;

    private string Shown(long offset, int length)
    {
        var bytes = new byte[length];
        _process.Memory.Load(_address + offset, bytes);
        return System.Text.Encoding.Latin1.GetString(bytes);
    }
}
