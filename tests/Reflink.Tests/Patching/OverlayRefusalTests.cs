using Reflink.Patching;
using Reflink.Patching.Sets;
using Reflink.Tests.Files;
using Reflink.Tests.Store;
using Reflink.Tests.Stories;
using Reflink.Units;
using static Reflink.Tests.Patching.Scene;

namespace Reflink.Tests.Patching;

/// <summary>What the overlays of users refuse, and that nothing has changed then.</summary>
public sealed class OverlayRefusalTests
{
    private static readonly PatchSet s_set = Set(16, "A", "1");

    [Fact]
    public void Every_error_leaves_everything_as_it_was()
    {
        using var scene = new Scene();
        var (ann, bob) = (scene.Mapped(scene.Ann), scene.Mapped(scene.Bob));
        using var writer = scene.Machine.Volume.Open("/lib", OpenFlags.Write);
        var overlays = scene.Machine.Overlays;
        overlays.Apply(ann.Process, scene.Ann, scene.Library, s_set);
        var other = new PatchSetBuilder(new PatchTarget { FileSize = Size + 1 }).Add(P, "B"u8, "x"u8).Build();
        var dead = scene.Machine.Processes.Spawn(scene.Ann, "dead");
        dead.Exit();
        var before = scene.State;

        Assert.Equal(Errno.EPERM, Errors.Of(() => overlays.Apply(bob.Process, scene.Ann, scene.Library, other)));
        Assert.Equal(Errno.EPERM, Errors.Of(() => overlays.Revert(bob.Process, scene.Ann, scene.Library, s_set)));
        Assert.Equal(Errno.EPERM, Errors.Of(() => overlays.Apply(ann.Process, scene.Root, scene.Library, s_set)));
        Assert.Equal(Errno.ESRCH, Errors.Of(() => overlays.Apply(dead, scene.Ann, scene.Library, s_set)));
        Assert.Equal(Errno.ESRCH, Errors.Of(() => overlays.Revert(dead, scene.Ann, scene.Library, s_set)));
        Assert.Equal(Errno.EBADF, Errors.Of(() => overlays.Apply(ann.Process, scene.Ann, writer, other)));
        Assert.Equal(Errno.EBADF, Errors.Of(() => overlays.Revert(ann.Process, scene.Ann, writer, s_set)));
        Assert.Equal(Errno.EEXIST, Errors.Of(() => overlays.Apply(ann.Process, scene.Ann, scene.Library, s_set)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => overlays.Apply(ann.Process, scene.Ann, scene.Library, other)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => overlays.Revert(ann.Process, scene.Ann, scene.Library, other)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => overlays.Revert(bob.Process, scene.Bob, scene.Library, s_set)));
        Assert.Equal(before, scene.State);

        overlays.Revert(scene.Tool, scene.Ann, scene.Library, s_set);
        Assert.Equal(Errno.EINVAL, Errors.Of(() => overlays.Revert(ann.Process, scene.Ann, scene.Library, s_set)));
    }

    [Fact]
    public void A_set_that_does_not_fit_lists_every_entry()
    {
        using var scene = new Scene();
        scene.Mapped(scene.Ann);
        var wrong = new PatchSetBuilder().Add(1, "A"u8, "1"u8).Add(2, "X"u8, "1"u8).Add(P, "Y"u8, "1"u8).Add(Size, [0], [1]).Build();
        var before = scene.State;
        var failure = Assert.Throws<PatchRefusedException>(() => scene.Machine.Overlays.Apply(scene.Tool, scene.Ann, scene.Library, wrong));
        Assert.Equal([2L, P, Size], failure.Problems.Select(p => p.Offset));
        Assert.Equal(before, scene.State);
    }

    [Fact]
    public void Pokes_in_the_way_are_listed_by_process_and_address_and_no_mapping_changes()
    {
        using var scene = new Scene();
        var (first, _, second) = (scene.Mapped(scene.Ann), scene.Mapped(scene.Ann), scene.Mapped(scene.Ann));
        var twice = (second.Process, Address: second.Process.Memory.Map(scene.Library, 0, P, Protection.ReadExecute));
        foreach (var (process, address) in new[] { first, second, twice })
        {
            scene.Machine.TextPoke.Apply(process, address, Set(15, "AA", "pp"));
        }

        var bob = scene.Mapped(scene.Bob);
        scene.Machine.TextPoke.Apply(bob.Process, bob.Address, Set(15, "AA", "qq"));
        var before = scene.Machine.Snapshot().Only("mappings", "frames", "overlays").ToString();

        var failure = Assert.Throws<OverlayRefusedException>(() => scene.Machine.Overlays.Apply(scene.Tool, scene.Ann, scene.Library, s_set));
        Assert.Equal(Errno.EBUSY, failure.Error);
        Assert.Equal(
            [(first.Process.Id, first.Address), (second.Process.Id, twice.Address), (second.Process.Id, second.Address)],
            failure.Conflicts.Select(c => (c.Process, c.Address)));
        Assert.All(failure.Conflicts, c => Assert.Contains(Set(15, "AA", "pp").ToString(), c.Reason, StringComparison.Ordinal));
        Assert.All(failure.Conflicts, c => Assert.Contains(c.ToString(), failure.Message, StringComparison.Ordinal));
        Assert.Empty(scene.Machine.Overlays.All);

        // What was made for the one that could have had it is kept by the registry alone.
        scene.Machine.Derived.Shrink(int.MaxValue);
        Assert.Equal(before, scene.Machine.Snapshot().Only("mappings", "frames", "overlays").ToString());
        Assert.Equal(2, scene.Machine.Derived.All.Count());
    }

    [Fact]
    public void A_mapping_of_an_older_version_names_the_set_below_that_does_not_fit_it()
    {
        using var scene = new Scene();
        scene.Machine.Overlays.Apply(scene.Tool, scene.Ann, scene.Library, s_set);
        scene.Library.Write(16, "z"u8);
        var ann = scene.Mapped(scene.Ann);
        scene.Machine.TextPoke.Apply(ann.Process, ann.Address, Set(P, "B", "p"));
        scene.Library.Write(16, "A"u8);

        var failure = Assert.Throws<OverlayRefusedException>(
            () => scene.Machine.Overlays.Apply(scene.Tool, scene.Ann, scene.Library, Set(32, "A", "2")));
        Assert.Contains($"{s_set} lies below and does not fit", Assert.Single(failure.Conflicts).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_that_cannot_be_read_for_one_mapping_leaves_all_as_they_were()
    {
        using var store = new DictionaryPageStore();
        using var machine = new Machine(new MachineOptions { PageStore = store });
        using var file = machine.Volume.Create("/lib");
        file.Write(0, Tale.Letters(3));
        var (process, other) = (machine.Processes.Spawn(machine.Processes.User(0), "one"), machine.Processes.Spawn(machine.Processes.User(0), "two"));
        _ = process.Memory.Map(file, 0, 3 * P, Protection.ReadExecute);
        var address = other.Memory.Map(file, 0, 3 * P, Protection.ReadExecute);
        machine.TextPoke.Apply(other, address, Set((2 * P) + 5, "C", "p"));
        machine.DropCaches();
        store.Delete(machine.Volume.Extents("/lib")[0].Block + 2);
        var before = machine.Snapshot().Only("mappings", "overlays").ToString();

        Assert.Equal(Errno.EIO, Errors.Of(() => machine.Overlays.Apply(process, process.User, file, s_set)));
        Assert.Equal(before, machine.Snapshot().Only("mappings", "overlays").ToString());
        Assert.EndsWith("not in memory and not in the store", Assert.Single(Fsck.Check(machine)), StringComparison.Ordinal);
    }
}
