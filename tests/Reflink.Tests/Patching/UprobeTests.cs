using Reflink.Patching;
using Reflink.Vm;
using static Reflink.Tests.Patching.Scene;

namespace Reflink.Tests.Patching;

/// <summary>Which mappings show a probe, and what is left of it.</summary>
public sealed class UprobeTests : IDisposable
{
    private const string Trap = "\u00cc";
    private readonly Scene _scene = new();

    private Uprobes Uprobes => _scene.Machine.Uprobes;

    [Fact]
    public void All_private_mappings_of_all_users_show_it_unless_they_can_be_written()
    {
        var (ann, bob, data) = (_scene.Mapped(_scene.Ann), _scene.Mapped(_scene.Bob), _scene.Mapped(_scene.Bob, Protection.Read));
        var shared = _scene.Mapped(_scene.Ann, Protection.Read, shared: true);
        var writable = _scene.Mapped(_scene.Ann, Protection.ReadWrite);
        var link = Attach(16);
        var (late, lateWritable) = (_scene.Mapped(_scene.Ann), _scene.Mapped(_scene.Ann, Protection.ReadWrite));

        Assert.Equal([Trap, Trap, Trap, Trap], [Shown(ann, 16, 1), Shown(bob, 16, 1), Shown(data, 16, 1), Shown(late, 16, 1)]);
        Assert.Equal(["A", "A", "A"], [Shown(shared, 16, 1), Shown(writable, 16, 1), Shown(lateWritable, 16, 1)]);
        Assert.Equal([1L, 1L, 0L], [Copies(ann), Copies(late), Copies(writable)]);
        Assert.Empty(_scene.Machine.Derived.All);

        Detach(link);
        Assert.Equal(["A", "A", "A"], [Shown(ann, 16, 1), Shown(bob, 16, 1), Shown(late, 16, 1)]);
        Assert.All([ann, bob, data, late], m => Assert.Equal(0, Copies(m)));
        Assert.Empty(Uprobes.Links);
        Assert.Equal("A", Shown(_scene.Mapped(_scene.Ann), 16, 1));
    }

    [Fact]
    public void A_site_of_several_links_goes_with_the_last()
    {
        var ann = _scene.Mapped(_scene.Ann);
        var (one, both, again) = (Attach(16), Attach(16, P + 16), Attach(16));
        var late = _scene.Mapped(_scene.Ann);
        Assert.Equal([one, both, again], Uprobes.Links);
        Detach(both);
        Assert.Equal([Trap + "B", Trap + "B"], [Shown(ann, 16, 1) + Shown(ann, P + 16, 1), Shown(late, 16, 1) + Shown(late, P + 16, 1)]);
        Assert.Equal(1, Copies(ann));
        Detach(one);
        Assert.Equal(Trap, Shown(ann, 16, 1));
        Detach(again);
        Assert.Equal(("A", "A", 0L), (Shown(ann, 16, 1), Shown(late, 16, 1), Copies(ann)));
    }

    [Fact]
    public void A_debuggers_bytes_stay_and_keep_their_page()
    {
        var ann = _scene.Mapped(_scene.Ann);
        ann.Process.Memory.DebugWrite(ann.Address + 20, "D"u8);
        var link = Attach(16, 18, P + 16);
        ann.Process.Memory.DebugWrite(ann.Address + 18, "E"u8);
        Assert.Equal(Trap + "AEAD", Shown(ann, 16, 5));
        Detach(link);
        Assert.Equal(("AAEAD", 1L), (Shown(ann, 16, 5), Copies(ann)));
    }

    [Fact]
    public void A_probe_lies_over_levels_and_stays_when_they_change_below_it()
    {
        var ann = _scene.Mapped(_scene.Ann);
        var (below, beside) = (Set(16, "AA", "12"), Set(17, "2", "3"));
        Poke(ann, below);
        var link = Attach(16);
        Assert.Equal(Trap + "2A", Shown(ann, 16, 3));
        Poke(ann, beside);
        Assert.Equal(Trap + "3A", Shown(ann, 16, 3));
        Revert(ann, beside);
        Assert.Equal([16L], Revert(ann, below).Shadowed);
        Assert.Equal(Trap + "AA", Shown(ann, 16, 3));

        Poke(ann, below);
        Assert.Equal(Trap + "2A", Shown(ann, 16, 3));
        Detach(link);
        Assert.Equal(("12A", 0L), (Shown(ann, 16, 3), Copies(ann)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_breakpoint_of_a_level_counts_as_installed_and_leaves_the_probe_behind(bool probedFirst)
    {
        var ann = _scene.Mapped(_scene.Ann);
        var poke = Set(16, "A", Trap);
        var link = probedFirst ? Attach(16) : null;
        Poke(ann, poke);
        link ??= Attach(16);
        Assert.Equal((Trap + "A", 0L), (Shown(ann, 16, 2), Copies(ann)));
        Revert(ann, poke);
        Assert.Equal(Trap + "A", Shown(ann, 16, 2));

        Poke(ann, poke);
        Detach(link);
        Assert.Equal((Trap + "A", 0L), (Shown(ann, 16, 2), Copies(ann)));
        Revert(ann, poke);
        Assert.Equal("AA", Shown(ann, 16, 2));
    }

    [Fact]
    public void A_probe_that_a_debugger_took_out_is_not_put_back_by_levels()
    {
        var ann = _scene.Mapped(_scene.Ann);
        Attach(16);
        ann.Process.Memory.DebugWrite(ann.Address + 16, "A"u8);
        Poke(ann, Set(16, "AA", "12"));
        Assert.Equal("12A", Shown(ann, 16, 3));
    }

    [Fact]
    public void A_new_mapping_has_the_probes_of_its_time()
    {
        var link = Attach(16);
        Assert.Equal(Trap + "A", Shown(_scene.Mapped(_scene.Ann), 16, 2));
        Attach(17);
        Assert.Equal(Trap + Trap, Shown(_scene.Mapped(_scene.Ann), 16, 2));
        Detach(link);
        Assert.Equal("A" + Trap, Shown(_scene.Mapped(_scene.Ann), 16, 2));
    }

    [Fact]
    public void It_lies_over_the_overlay_of_a_new_mapping()
    {
        var overlay = Set(16, "A", "1");
        _scene.Machine.Overlays.Apply(_scene.Tool, _scene.Ann, _scene.Library, overlay);
        var link = Attach(16);
        var (ann, bob) = (_scene.Mapped(_scene.Ann), _scene.Mapped(_scene.Bob));
        Assert.Equal([Trap, Trap], [Shown(ann, 16, 1), Shown(bob, 16, 1)]);
        Detach(link);
        Assert.Equal(["1", "A"], [Shown(ann, 16, 1), Shown(bob, 16, 1)]);
    }

    [Fact]
    public void A_child_forked_while_probes_are_attached_has_them_taken_out_too()
    {
        var ann = _scene.Mapped(_scene.Ann);
        var link = Attach(16, P + 16);
        var child = (Process: ann.Process.Fork(), ann.Address);
        Assert.Equal(Trap, Shown(child, 16, 1));
        child.Process.Memory.DebugWrite(child.Address + 20, "D"u8);
        Detach(link);
        Assert.Equal(["AAAAA", "AAAAD"], [Shown(ann, 16, 5), Shown(child, 16, 5)]);
        Assert.Equal([0L, 1L], [Copies(ann), Copies(child)]);
    }

    [Fact]
    public void A_mapping_made_writable_meanwhile_loses_its_probes_all_the_same()
    {
        var ann = _scene.Mapped(_scene.Ann);
        var link = Attach(16);
        ann.Process.Memory.Protect(ann.Address, P, Protection.ReadWrite);
        Assert.Equal(Trap, Shown(ann, 16, 1));
        Detach(link);
        Assert.Equal(("A", 0L), (Shown(ann, 16, 1), Copies(ann)));
    }

    [Fact]
    public void A_site_probed_again_after_the_file_was_rewritten_keeps_its_first_byte()
    {
        var before = _scene.Mapped(_scene.Ann);
        var old = Attach(16);
        _scene.Library.Write(16, "z"u8);
        var link = Attach(16);
        var after = _scene.Mapped(_scene.Ann);
        Detach(old);
        Assert.Equal([Trap, "z"], [Shown(before, 16, 1), Shown(after, 16, 1)]);
        Detach(link);
        Assert.Equal(("A", "z", 0L), (Shown(before, 16, 1), Shown(after, 16, 1), Uprobes.Missed));
    }

    [Fact]
    public void Parts_of_the_file_and_its_last_byte_are_probed()
    {
        var part = _scene.Mapped(_scene.Ann);
        part.Address = part.Process.Memory.Map(_scene.Library, P, Size - P, Protection.ReadExecute);
        var link = Attach(16, P - 1, P, Size - 1);
        Assert.Equal(Trap + "B" + Trap + "\0", Shown(part, 0, 2) + Shown(part, Size - P - 1, 2));
        Assert.Equal(2, Copies(part));
        Detach(link);
        Assert.Equal("BC", Shown(part, 0, 1) + Shown(part, Size - P - 1, 1));
    }

    [Fact]
    public void A_file_without_a_name_is_held_until_the_last_link_goes()
    {
        var ann = _scene.Mapped(_scene.Ann);
        var (one, two) = (Attach(16), Attach(17));
        _scene.Machine.Volume.Unlink("/lib");
        _scene.Library.Dispose();
        Detach(one);
        Assert.Equal("A" + Trap, Shown(ann, 16, 2));
        ann.Process.Exit();
        Assert.Contains(_scene.Machine.Inodes.All, i => i.Number == two.File);
        Detach(two);
        Assert.DoesNotContain(_scene.Machine.Inodes.All, i => i.Number == two.File);
    }

    public void Dispose() => _scene.Dispose();

    private UprobeLink Attach(params long[] offsets)
    {
        var set = new PatchSetBuilder();
        var old = new byte[1];
        foreach (var offset in offsets)
        {
            _scene.Library.Read(offset, old);
            set.Add(offset, old, [0xcc]);
        }

        return Uprobes.Attach(_scene.Tool, _scene.Library, set.Build());
    }

    private void Detach(UprobeLink link) => Uprobes.Detach(_scene.Tool, link);

    private void Poke((Process Process, long Address) mapping, PatchSet set) =>
        _scene.Machine.TextPoke.Apply(mapping.Process, mapping.Address, set);

    private PokeResult Revert((Process Process, long Address) mapping, PatchSet set) =>
        _scene.Machine.TextPoke.Revert(mapping.Process, mapping.Address, set);
}
