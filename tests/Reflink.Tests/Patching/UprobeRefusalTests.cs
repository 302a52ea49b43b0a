using Reflink.Patching.Sets;
using Reflink.Tests.Files;
using Reflink.Tests.Stories;
using Reflink.Units;
using static Reflink.Tests.Patching.Scene;

namespace Reflink.Tests.Patching;

/// <summary>What uprobes refuse, and that nothing has changed then.</summary>
public sealed class UprobeRefusalTests
{
    [Fact]
    public void Every_error_leaves_everything_as_it_was()
    {
        using var scene = new Scene();
        var ann = scene.Mapped(scene.Ann);
        var (uprobes, good) = (scene.Machine.Uprobes, Tale.Breakpoints(16));
        var detached = uprobes.Attach(scene.Tool, scene.Library, good);
        uprobes.Detach(scene.Tool, detached);
        var link = uprobes.Attach(scene.Tool, scene.Library, good);
        using var writer = scene.Machine.Volume.Open("/lib", OpenFlags.Write);
        var dead = scene.Machine.Processes.Spawn(scene.Root, "dead");
        dead.Exit();
        var before = scene.State;

        Assert.Equal(Errno.EPERM, Errors.Of(() => uprobes.Attach(ann.Process, scene.Library, good)));
        Assert.Equal(Errno.EPERM, Errors.Of(() => uprobes.Detach(ann.Process, link)));
        Assert.Equal(Errno.ESRCH, Errors.Of(() => uprobes.Attach(dead, scene.Library, good)));
        Assert.Equal(Errno.ESRCH, Errors.Of(() => uprobes.Detach(dead, link)));
        Assert.Equal(Errno.EBADF, Errors.Of(() => uprobes.Attach(scene.Tool, writer, good)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => uprobes.Detach(scene.Tool, detached)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => uprobes.Attach(scene.Tool, scene.Library, Set(16, "A", "1"))));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => uprobes.Attach(scene.Tool, scene.Library, Set(16, "AA", "\u00cc\u00cc"))));
        var other = new PatchSetBuilder(new PatchTarget { FileSize = Size + 1 }).Add(16, "A"u8, [0xcc]).Build();
        Assert.Equal(Errno.EINVAL, Errors.Of(() => uprobes.Attach(scene.Tool, scene.Library, other)));
        var wrong = new PatchSetBuilder().Add(1, "A"u8, [0xcc]).Add(2, "X"u8, [0xcc]).Add(P, "Y"u8, [0xcc]).Add(Size, [0], [0xcc]).Build();
        var failure = Assert.Throws<PatchRefusedException>(() => uprobes.Attach(scene.Tool, scene.Library, wrong));
        Assert.Equal([2L, P, Size], failure.Problems.Select(p => p.Offset));
        Assert.Equal(before, scene.State);
        Assert.Equal([link], uprobes.Links);
    }

    [Fact]
    public void Without_memory_for_all_copies_none_is_made()
    {
        using var scene = new Scene(memory: 16 << Page.Shift);
        var (ann, bob) = (scene.Mapped(scene.Ann), scene.Mapped(scene.Bob));
        Exhaust(scene, leave: 2);
        var before = scene.Machine.Snapshot().Only("blocks", "extents", "processes").ToString();

        Assert.Equal(Errno.ENOMEM, Errors.Of(() => scene.Machine.Uprobes.Attach(scene.Tool, scene.Library, Tale.Breakpoints(16))));
        Assert.Equal([0L, 0L], [Copies(ann), Copies(bob)]);
        Assert.Equal(before, scene.Machine.Snapshot().Only("blocks", "extents", "processes").ToString());
        Assert.Empty(scene.Machine.Uprobes.Links);
    }

    [Fact]
    public void Mmap_succeeds_without_memory_for_the_probes_and_is_counted()
    {
        using var scene = new Scene(memory: 16 << Page.Shift);
        var link = scene.Machine.Uprobes.Attach(scene.Tool, scene.Library, Tale.Breakpoints(16, P + 16));
        Exhaust(scene, leave: 2);
        var late = scene.Mapped(scene.Ann);
        Assert.Equal([1L, 0L], [scene.Machine.Uprobes.Missed, Copies(late)]);
        Assert.Equal("AB", Shown(late, 16, 1) + Shown(late, P + 16, 1));
        scene.Machine.Uprobes.Detach(scene.Tool, link);
        Assert.Equal("A", Shown(late, 16, 1));
    }

    // Anonymous pages that cannot leave, as there is no swap, in all frames but some: one for the file's pages to take turns in.
    private static void Exhaust(Scene scene, int leave)
    {
        var hog = scene.Machine.Processes.Spawn(scene.Root, "hog");
        var pages = (int)(scene.Machine.Options.Memory >> Page.Shift) - leave;
        hog.Memory.Store(hog.Memory.MapAnonymous(pages << Page.Shift, Protection.ReadWrite), new byte[pages << Page.Shift]);
    }
}
