using Reflink.Patching;
using Reflink.Patching.Sets;
using Reflink.Units;
using static Reflink.Tests.Patching.Scene;

namespace Reflink.Tests.Patching;

/// <summary>Who sees the overlay of a user, and for how long.</summary>
public sealed class UserOverlayTests : IDisposable
{
    private static readonly PatchSet s_first = Set(16, "A", "1");
    private static readonly PatchSet s_second = Set(P + 16, "B", "2");
    private readonly Scene _scene = new();

    private UserOverlays Overlays => _scene.Machine.Overlays;

    [Fact]
    public void All_executable_private_mappings_of_the_user_show_it_and_nothing_else_does()
    {
        var (ann, other) = (_scene.Mapped(_scene.Ann), _scene.Mapped(_scene.Ann));
        var again = (ann.Process, ann.Process.Memory.Map(_scene.Library, 0, P, Protection.ReadExecute));
        var data = (ann.Process, ann.Process.Memory.Map(_scene.Library, 0, P, Protection.Read));
        var shared = _scene.Mapped(_scene.Ann, Protection.ReadExecute, shared: true);
        var (bob, root) = (_scene.Mapped(_scene.Bob), _scene.Mapped(_scene.Root));

        Assert.Equal(new OverlayResult(3, 0), Apply(s_first));
        Assert.Equal(["1", "1", "1"], [Shown(ann, 16, 1), Shown(other, 16, 1), Shown(again, 16, 1)]);
        Assert.Equal(["A", "A", "A", "A"], [Shown(data, 16, 1), Shown(shared, 16, 1), Shown(bob, 16, 1), Shown(root, 16, 1)]);
        Assert.Same(Beneath(ann), Beneath(other));
        Assert.Single(_scene.Machine.Derived.All);
        var read = new byte[1];
        _scene.Library.Read(16, read);
        Assert.Equal("A"u8, read);

        Assert.Equal(new OverlayResult(3, 0), Revert(s_first));
        Assert.Equal("A", Shown(ann, 16, 1));
        Assert.Same(_scene.Library.Inode, Beneath(again));
        Assert.Empty(Overlays.All);
    }

    [Fact]
    public void Mappings_to_come_show_it_also_after_fork_and_exec()
    {
        Assert.Equal(new OverlayResult(0, 0), Apply(s_first));
        var ann = _scene.Mapped(_scene.Ann);
        var child = (Process: ann.Process.Fork(), ann.Address);
        Assert.Equal(["1", "1"], [Shown(ann, 16, 1), Shown(child, 16, 1)]);

        child.Process.Exec("other");
        child.Address = child.Process.Memory.Map(_scene.Library, 0, Size, Protection.ReadExecute);
        Assert.Equal(["1", "A"], [Shown(child, 16, 1), Shown(_scene.Mapped(_scene.Bob), 16, 1)]);
        Assert.Equal("A", Shown(_scene.Mapped(_scene.Ann, Protection.Read), 16, 1));
        Assert.Equal(2, Revert(s_first).Mappings);
        Assert.Equal(["A", "A"], [Shown(ann, 16, 1), Shown(child, 16, 1)]);
    }

    [Fact]
    public void Sets_lie_over_each_other_and_the_upper_one_keeps_the_lower()
    {
        var (ann, over) = (_scene.Mapped(_scene.Ann), Set(16, "1", "3"));
        Apply(s_first);
        Apply(s_second);
        Apply(over);
        Assert.Equal(["3", "2"], [Shown(ann, 16, 1), Shown(ann, P + 16, 1)]);
        Assert.Equal([s_first, s_second, over], Assert.Single(Overlays.All).Sets);

        var state = _scene.State;
        Assert.Equal(Errno.EBUSY, Files.Errors.Of(() => Revert(s_first)));
        Assert.Equal(state, _scene.State);
        Revert(s_second);
        Revert(over);
        Assert.Equal(["1", "B"], [Shown(ann, 16, 1), Shown(_scene.Mapped(_scene.Ann), P + 16, 1)]);
    }

    [Fact]
    public void Users_have_overlays_of_their_own_and_share_what_is_equal()
    {
        var (ann, bob) = (_scene.Mapped(_scene.Ann), _scene.Mapped(_scene.Bob));
        Apply(s_first);
        Overlays.Apply(_scene.Tool, _scene.Bob, _scene.Library, s_second);
        Assert.Equal(["1B", "A2"], [Shown(ann, 16, 1) + Shown(ann, P + 16, 1), Shown(bob, 16, 1) + Shown(bob, P + 16, 1)]);

        Overlays.Apply(bob.Process, _scene.Bob, _scene.Library, s_first);
        Apply(s_second);
        Assert.Same(Beneath(ann), Beneath(bob));
    }

    [Fact]
    public void A_mapping_made_after_the_file_was_rewritten_shows_the_file_and_is_counted()
    {
        var before = _scene.Mapped(_scene.Ann);
        Apply(s_first);
        _scene.Library.Write(16, "z"u8);
        var after = _scene.Mapped(_scene.Ann);
        Assert.Equal(("1", "z", 1L), (Shown(before, 16, 1), Shown(after, 16, 1), Overlays.Misfits));

        // A rewrite beside the sites is no matter.
        _scene.Library.Write(16, "A"u8);
        _scene.Library.Write(P, "y"u8);
        var last = _scene.Mapped(_scene.Ann);
        Assert.Equal(("1y", 1L), (Shown(last, 16, 1) + Shown(last, P, 1), Overlays.Misfits));
        Assert.Equal(2, Revert(s_first).Mappings);
        Assert.Equal("A", Shown(before, 16, 1));
    }

    [Fact]
    public void Taking_one_set_out_lays_no_other_over_a_mapping_that_it_does_not_fit()
    {
        Apply(s_first);
        Apply(s_second);
        _scene.Library.Write(16, "z"u8);
        var misfit = _scene.Mapped(_scene.Ann);
        Assert.Equal(0, Revert(s_second).Mappings);
        Assert.Equal("zB", Shown(misfit, 16, 1) + Shown(misfit, P + 16, 1));

        // Nothing comes over a set that does not fit; it is named, and goes first.
        var failure = Assert.Throws<ReflinkException>(() => Apply(s_second));
        Assert.Equal(Errno.EBUSY, failure.Error);
        Assert.Contains(s_first.ToString(), failure.Message, StringComparison.Ordinal);
        Revert(s_first);
        Apply(s_second);
        Assert.Equal("z2", Shown(misfit, 16, 1) + Shown(misfit, P + 16, 1));
    }

    [Fact]
    public void It_lies_below_what_was_poked_and_leaves_the_bytes_of_a_debugger()
    {
        var ann = _scene.Mapped(_scene.Ann);
        _scene.Machine.TextPoke.Apply(ann.Process, ann.Address, Set(20, "A", "p"));
        ann.Process.Memory.DebugWrite(ann.Address + 16, "D"u8);
        Assert.Equal(new OverlayResult(1, 1), Apply(Set(16, "AAA", "123")));
        Assert.Equal("D23Ap", Shown(ann, 16, 5));

        _scene.Machine.TextPoke.Apply(ann.Process, ann.Address, Set(18, "3A", "xy"));
        Assert.Equal("D2xyp", Shown(ann, 16, 5));
        var state = _scene.State;
        var failure = Assert.Throws<OverlayRefusedException>(() => Revert(Set(16, "AAA", "123")));
        Assert.Equal((ann.Process.Id, ann.Address), (failure.Conflicts.Single().Process, failure.Conflicts.Single().Address));
        Assert.Equal(state, _scene.State);

        _scene.Machine.TextPoke.Revert(ann.Process, ann.Address, Set(18, "3A", "xy"));
        ann.Process.Memory.DebugWrite(ann.Address + 16, "1"u8);
        Revert(Set(16, "AAA", "123"));
        Assert.Equal(("AAAAp", 0L), (Shown(ann, 16, 5), Copies(ann)));
    }

    [Fact]
    public void The_same_entry_poked_and_overlaid_goes_with_the_last_of_them()
    {
        var ann = _scene.Mapped(_scene.Ann);
        _scene.Machine.TextPoke.Apply(ann.Process, ann.Address, s_first);
        Apply(s_first);
        Assert.Equal([s_first, s_first], TextPoke.LevelsOf(ann.Process, ann.Address));
        Revert(s_first);
        Assert.Equal("1", Shown(ann, 16, 1));
        Apply(s_first);
        _scene.Machine.TextPoke.Revert(ann.Process, ann.Address, s_first);
        Assert.Equal("1", Shown(ann, 16, 1));
        Assert.Equal(Errno.EINVAL, Files.Errors.Of(() => _scene.Machine.TextPoke.Revert(ann.Process, ann.Address, s_first)));
        Revert(s_first);
        Assert.Same(_scene.Library.Inode, Beneath(ann));
    }

    [Fact]
    public void Entries_may_cross_pages_and_reach_the_end_of_the_file_in_mappings_of_any_part()
    {
        var (whole, tail) = (_scene.Mapped(_scene.Ann), _scene.Mapped(_scene.Ann));
        tail.Address = tail.Process.Memory.Map(_scene.Library, P, Size - P, Protection.ReadExecute);
        var set = new PatchSetBuilder().Add(P - 1, "AB"u8, "12"u8).Add(Size - 1, "C"u8, "3"u8).Build();
        Assert.Equal(3, Apply(set).Mappings);
        Assert.Equal("A12B", Shown(whole, P - 2, 4));
        Assert.Equal("2BC3\0", Shown(tail, 0, 2) + Shown(tail, Size - P - 2, 3));

        var beyond = new PatchSetBuilder().Add(Size - 1, "3"u8, "!"u8).Add(Size, [0], [1]).Build();
        Assert.Equal([(long)Size], Assert.Throws<PatchRefusedException>(() => Apply(beyond)).Problems.Select(p => p.Offset));
    }

    [Fact]
    public void A_poke_outside_of_the_mapping_is_refused_though_the_overlay_has_the_same()
    {
        var set = Set(16, "A", "1");
        _scene.Machine.Overlays.Apply(_scene.Tool, _scene.Ann, _scene.Library, set);
        var process = _scene.Mapped(_scene.Ann).Process;
        var part = process.Memory.Map(_scene.Library, P, P, Protection.ReadExecute);
        var failure = Assert.Throws<PatchRefusedException>(() => _scene.Machine.TextPoke.Apply(process, part, set));
        Assert.Contains("lies outside", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_parts_of_a_mapping_that_was_split_change_together()
    {
        var ann = _scene.Mapped(_scene.Ann);
        Apply(s_first);
        ann.Process.Memory.Protect(ann.Address + P, P, Protection.Read);
        Assert.Equal(3, ann.Process.Memory.Mappings.Count);
        Assert.Equal(1, Apply(s_second).Mappings);
        Assert.Equal("12", Shown(ann, 16, 1) + Shown(ann, P + 16, 1));
        ann.Process.Memory.Protect(ann.Address + P, P, Protection.ReadExecute);
        Assert.Single(ann.Process.Memory.Mappings);
    }

    [Fact]
    public void The_overlay_goes_with_the_file()
    {
        Apply(s_first);
        var ann = _scene.Mapped(_scene.Ann);
        _scene.Machine.Volume.Unlink("/lib");
        _scene.Library.Dispose();
        Assert.Single(Overlays.All);
        Assert.Equal("1", Shown(ann, 16, 1));
        ann.Process.Exit();
        Assert.Empty(Overlays.All);
        Assert.Empty(_scene.Machine.Snapshot()["overlays"].Rows);
    }

    public void Dispose() => _scene.Dispose();

    private OverlayResult Apply(PatchSet set) => Overlays.Apply(_scene.Tool, _scene.Ann, _scene.Library, set);

    private OverlayResult Revert(PatchSet set) => Overlays.Revert(_scene.Tool, _scene.Ann, _scene.Library, set);
}
