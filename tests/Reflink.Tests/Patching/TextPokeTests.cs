using Reflink.Patching;
using Reflink.Patching.Sets;
using Reflink.Tests.Files;
using Reflink.Tests.Stories;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Patching;

public sealed class TextPokeTests : IDisposable
{
    private const int P = Page.Size;
    private const int Size = (3 * P) + 100;
    private readonly Tale _tale = new(Tale.Patches);
    private readonly Process _process;
    private readonly long _address;

    public TextPokeTests()
    {
        _tale.Machine.Volume.Create("/lib").Write(0, Tale.Text(Size));
        (_process, _address) = _tale.Mapped("/lib", Protection.ReadExecute);
        Tale.Touch(_process, _address, 4);
    }

    private Machine Machine => _tale.Machine;

    [Fact]
    public void A_set_that_does_not_fit_lists_every_entry_and_changes_nothing()
    {
        var set = new PatchSetBuilder()
            .Add(16, "A"u8, [1]).Add(17, "X"u8, [1], "wrong").Add(P - 1, "AX"u8, [1, 2])
            .Add(Size - 1, "DD"u8, [1, 2], "end").Add(9 * P, "J"u8, [1]).Build();
        var before = Machine.Snapshot().Without("counters").ToString();

        var failure = Assert.Throws<PatchRefusedException>(() => Machine.TextPoke.Apply(_process, _address, set));
        Assert.Equal([17L, P - 1, Size - 1, 9 * P], failure.Problems.Select(p => p.Offset));
        Assert.Contains("0x11 (wrong): expected 58, found 41", failure.Message, StringComparison.Ordinal);
        Assert.Contains("0xfff: expected 4158, found 4142", failure.Message, StringComparison.Ordinal);
        Assert.Contains("0x3063 (end): lies outside", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, Machine.Snapshot().Without("counters").ToString());
    }

    [Fact]
    public void Derived_inodes_of_versions_that_are_gone_do_not_pile_up()
    {
        using var file = Machine.Volume.Open("/lib", OpenFlags.ReadWrite);
        for (var i = 0; i < 5; i++)
        {
            file.Write(P, "another version"u8);
            Machine.TextPoke.Apply(_process, _address, Tale.Breakpoints(16));
            var (other, at) = _tale.Mapped("/lib", Protection.ReadExecute);
            Machine.TextPoke.Apply(other, at, Tale.Breakpoints(32));
            Machine.TextPoke.Revert(_process, _address, Tale.Breakpoints(16));
            other.Exit();
        }

        Assert.Equal(2, Machine.Derived.All.Count());
        Fsck.Require(Machine);
    }

    [Fact]
    public void A_level_over_an_older_version_does_not_cost_the_present_one_its_unused_inodes()
    {
        Machine.TextPoke.Apply(_process, _address, Tale.Breakpoints(16));
        using var file = Machine.Volume.Open("/lib", OpenFlags.ReadWrite);
        file.Write(P, "another version"u8);
        var (other, at) = _tale.Mapped("/lib", Protection.ReadExecute);
        Machine.TextPoke.Apply(other, at, Tale.Breakpoints(32));
        Machine.TextPoke.Revert(other, at, Tale.Breakpoints(32));

        Machine.TextPoke.Apply(_process, _address, Tale.Breakpoints(48));
        Assert.True(Machine.TextPoke.Apply(other, at, Tale.Breakpoints(32)).WasKnown);
    }

    [Fact]
    public void What_was_dropped_goes_with_its_snapshot_and_is_made_again()
    {
        var set = Tale.Breakpoints(16);
        Machine.TextPoke.Apply(_process, _address, set);
        Machine.TextPoke.Revert(_process, _address, set);
        Machine.Derived.Shrink(int.MaxValue);
        Assert.Empty(Machine.Derived.Snapshots);

        Assert.False(Machine.TextPoke.Apply(_process, _address, set).WasKnown);
        Assert.Equal([0xcc, 0x41], Load(_address + 16, 2));
    }

    [Fact]
    public void A_refused_set_copies_no_private_page_of_a_forked_process()
    {
        _process.Memory.DebugWrite(_address + 100, [0x90]);
        var child = _process.Fork();
        var before = Machine.Snapshot().Without("counters").ToString();

        Assert.Throws<PatchRefusedException>(() => Machine.TextPoke.Apply(child, _address, Wrong(16)));
        Assert.Equal(before, Machine.Snapshot().Without("counters").ToString());
    }

    [Fact]
    public void A_part_of_a_file_takes_only_its_own_entries()
    {
        using var file = Machine.Volume.Open("/lib");
        var second = _process.Memory.Map(file, P, P, Protection.ReadExecute);
        Machine.TextPoke.Apply(_process, _address, Tale.Breakpoints(16, P + 16));

        Assert.Throws<PatchRefusedException>(() => Machine.TextPoke.Apply(_process, second, Tale.Breakpoints(16, P + 16)));
        Machine.TextPoke.Apply(_process, second, Tale.Breakpoints(P + 16));
        Assert.Equal("BBBB"u8, Load(_address + P, 4));
        Assert.Equal([0xcc], Load(second + 16, 1));
    }

    [Fact]
    public void A_set_for_a_file_of_another_size_is_refused_known_or_not()
    {
        var wrong = new PatchSetBuilder(new PatchTarget { FileSize = Size - 1 }).Add(16, "A"u8, [1]).Build();
        var right = new PatchSetBuilder(new PatchTarget { FileSize = Size }).Add(16, "A"u8, [1]).Build();

        Assert.Equal(Errno.EINVAL, Errors.Of(() => Machine.TextPoke.Apply(_process, _address, wrong)));
        Machine.TextPoke.Apply(_process, _address, right);
        Machine.TextPoke.Revert(_process, _address, right);
        Assert.Equal(Errno.EINVAL, Errors.Of(() => Machine.TextPoke.Apply(_process, _address, wrong)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => PrivatePatch.Apply(_process, _address, wrong)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => PatchedCopy.Create(Machine.Volume, "/lib", "/copy", wrong)));
    }

    [Fact]
    public void Wrong_mappings_have_errors_of_their_own()
    {
        var set = Tale.Breakpoints(16);
        var (sharing, shared) = _tale.Mapped("/lib", Protection.ReadExecute, shared: true);
        var (reading, data) = _tale.Mapped("/lib", Protection.Read);
        var anonymous = _process.Memory.MapAnonymous(P, Protection.ReadExecute);

        Assert.Equal(Errno.EINVAL, Errors.Of(() => Machine.TextPoke.Apply(sharing, shared, set)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => Machine.TextPoke.Apply(reading, data, set)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => Machine.TextPoke.Apply(_process, anonymous, set)));
        Assert.Equal(Errno.EFAULT, Errors.Of(() => Machine.TextPoke.Apply(_process, 0x10000, set)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => Machine.TextPoke.Revert(_process, _address, set)));
        Machine.TextPoke.Apply(_process, _address, set);
        Assert.Equal(Errno.EEXIST, Errors.Of(() => Machine.TextPoke.Apply(_process, _address, set)));
        _process.Exit();
        Assert.Equal(Errno.ESRCH, Errors.Of(() => Machine.TextPoke.Apply(_process, _address, set)));
        Assert.Equal(Errno.ESRCH, Errors.Of(() => Machine.TextPoke.Revert(_process, _address, set)));
    }

    [Fact]
    public void An_entry_across_two_pages_makes_both_derived()
    {
        var result = Machine.TextPoke.Apply(_process, _address, new PatchSetBuilder().Add(P - 1, "AB"u8, [1, 2]).Build());

        Assert.Equal(2, result.Pages);
        Assert.Equal("s1[0,4095) data 01|data 02 s2[1,4096)", Recipes());
        Assert.Equal([0x41, 1, 2, 0x42], Load(_address + P - 2, 4));
    }

    [Fact]
    public void Holes_and_pages_of_zeroes_are_patched()
    {
        using var file = Machine.Volume.Open("/lib", OpenFlags.ReadWrite);
        file.PunchHole(P, P);
        var set = new PatchSetBuilder().Add(P + 8, new byte[2], [1, 2]).Add(2 * P, "C"u8, [0]).Build();
        Machine.TextPoke.Apply(_process, _address, set);

        Assert.Equal("data 00000000000000000102 zero 4086|zero 1 s3[1,4096)", Recipes());
        Assert.Equal([0, 1, 2, 0], Load(_address + P + 7, 4));
        file.Truncate(P);
        Assert.Equal([1], Load(_address + P + 8, 1));
    }

    [Fact]
    public void The_same_bytes_cut_into_other_entries_are_one_inode()
    {
        var other = _process.Fork();
        var whole = new PatchSetBuilder().Add(16, "AAAA"u8, "1AA4"u8).Build();
        var parts = new PatchSetBuilder().Add(19, "A"u8, "4"u8).Add(16, "AA"u8, "1A"u8).Build();
        Machine.TextPoke.Apply(_process, _address, whole);
        Machine.TextPoke.Apply(other, _address, parts);

        Assert.Equal("s1[0,16) data 31 s1[17,19) data 34 s1[20,4096)", Recipes());
        Assert.Single(Machine.Derived.All);
    }

    [Fact]
    public void A_mapping_split_after_the_poke_is_reverted_whole_and_bytes_are_shadowed_once()
    {
        var set = Tale.Breakpoints(16, P + 16, (2 * P) + 16);
        Machine.TextPoke.Apply(_process, _address, set);
        _process.Memory.Protect(_address + P, P, Protection.Read);
        _process.Memory.DebugWrite(_address + 16, [7]);
        _process.Memory.DebugWrite(_address + P + 17, [8]);
        Assert.Equal(3, _process.Memory.Mappings.Count);

        Assert.Equal([16L], Machine.TextPoke.Revert(_process, _address + (2 * P), set).Shadowed);
        Assert.Equal([7, 0x41], Load(_address + 16, 2));
        Assert.Equal([0x42, 8], Load(_address + P + 16, 2));
        Assert.Equal([0x43], Load(_address + (2 * P) + 16, 1));
        Assert.Empty(Fsck.Check(Machine));
    }

    [Fact]
    public void The_last_page_is_patched_up_to_the_end_of_the_file()
    {
        Machine.TextPoke.Apply(_process, _address, Tale.Breakpoints(Size - 1));

        Assert.Equal([0x44, 0xcc, 0], Load(_address + Size - 2, 3));
        Assert.Equal(Errno.EFAULT, Errors.Of(() => Load(_address + (4 * P), 1)));
    }

    public void Dispose()
    {
        Assert.Empty(Fsck.Check(Machine));
        _tale.Dispose();
    }

    private static PatchSet Wrong(long offset) => new PatchSetBuilder().Add(offset, "?"u8, "!"u8).Build();

    private string Recipes() => string.Join('|', Machine.Snapshot()["recipes"].Rows.Select(r => r[3]));

    private byte[] Load(long address, int length)
    {
        var bytes = new byte[length];
        _process.Memory.Load(address, bytes);
        return bytes;
    }
}
