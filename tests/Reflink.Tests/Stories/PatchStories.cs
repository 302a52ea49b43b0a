using Reflink.Patching;
using Reflink.Vm;

namespace Reflink.Tests.Stories;

public sealed class PatchStories
{
    private const int P = Page.Size;
    private static readonly PatchSet s_two = Tale.Breakpoints(16, P + 32);

    [Fact]
    public Task Private_patching_copies_pages_in_every_process_for_good()
    {
        using var tale = Begun(out var apps, processes: 3);
        return tale.Begin()
            .Then("patch all three", () => apps.ForEach(a => PrivatePatch.Apply(a.Process, a.Address, s_two)))
            .Then("write the old bytes back", () => apps.ForEach(a => PrivatePatch.Revert(a.Process, a.Address, s_two)))
            .Told();
    }

    [Fact]
    public Task Poking_three_processes_makes_one_derived_inode()
    {
        using var tale = Begun(out var apps, processes: 3);
        return tale.Begin()
            .Then("poke process 1", () => Poke(tale, apps[..1]))
            .Then("poke 2 and 3", () => Poke(tale, apps[1..]))
            .Then("all load", () => apps.ForEach(a => Tale.Touch(a.Process, a.Address, 3)))
            .Told();
    }

    [Fact]
    public Task A_reverted_poke_is_kept_for_the_next_user()
    {
        using var tale = Begun(out var apps, processes: 2, [.. Tale.Patches, "counters"]);
        Poke(tale, apps);
        apps.ForEach(a => Tale.Touch(a.Process, a.Address, 3));
        return tale.Begin()
            .Then("revert", () => apps.ForEach(a => tale.Machine.TextPoke.Revert(a.Process, a.Address, s_two)))
            .Then("poke process 1 again", () => Poke(tale, apps[..1]))
            .Then("all exit", () => apps.ForEach(a => a.Process.Exit()))
            .Told();
    }

    [Fact]
    public Task Pages_of_unused_derived_inodes_go_when_memory_is_short_and_the_inodes_when_nothing_else_can_leave()
    {
        using var tale = Begun(out var apps, processes: 1, [.. Tale.Files, "recipes", "derived"], memory: 16 << Page.Shift);
        Poke(tale, apps);
        Tale.Touch(apps[0].Process, apps[0].Address, 3);
        apps[0].Process.Exit();
        return tale.Begin()
            .Then("write 12 pages", () => tale.File("/big", 12).Dispose())
            .Then("another process locks all of memory and asks for more", () =>
            {
                var greedy = tale.Machine.Processes.Spawn(tale.Machine.Processes.User(0), "greedy");
                var address = greedy.Memory.MapAnonymous(17 * P, Protection.Read | Protection.Write);
                Assert.Equal(Units.Errno.EAGAIN, Assert.Throws<ReflinkException>(() => greedy.Memory.Lock(address, 17 * P)).Error);
            })
            .Told();
    }

    [Fact]
    public Task Derived_pages_of_a_user_are_dropped_and_made_again()
    {
        using var tale = Begun(out var apps, processes: 1, [.. Tale.Files, "processes", "counters"]);
        Poke(tale, apps);
        Tale.Touch(apps[0].Process, apps[0].Address, 3);
        return tale.Begin()
            .Then("the process needs nothing just now; sync and drop caches", () =>
            {
                apps[0].Process.Madvise(apps[0].Address, 3 * P, Advice.DontNeed);
                tale.Machine.DropCaches();
            })
            .Then("load a poked page: its root is read into its frame", () => Tale.Touch(apps[0].Process, apps[0].Address, 1))
            .Told();
    }

    [Fact]
    public Task Fork_inherits_a_poke_and_exec_drops_it()
    {
        using var tale = Begun(out var apps, processes: 1, ["processes", "mappings", "derived"]);
        Poke(tale, apps);
        Process child = null!;
        return tale.Begin()
            .Then("fork", () => child = apps[0].Process.Fork())
            .Then("the child execs", () => child.Exec("other"))
            .Then("the parent execs", () => apps[0].Process.Exec("other"))
            .Told();
    }

    [Fact]
    public Task What_a_debugger_wrote_survives_a_revert()
    {
        using var tale = Begun(out var apps, processes: 1);
        var (process, address) = apps[0];
        Poke(tale, apps);
        return tale.Begin()
            .Then("a debugger writes over the breakpoint on page 0 and beside the one on page 1", () =>
            {
                process.Memory.DebugWrite(address + 16, [0x90]);
                process.Memory.DebugWrite(address + P + 100, [0x90]);
            })
            .Then("revert reports byte 16 as shadowed", () =>
                Assert.Equal([16L], tale.Machine.TextPoke.Revert(process, address, s_two).Shadowed))
            .Then("the debugger puts page 1 back, and a poke and its revert drop the copy", () =>
            {
                process.Memory.DebugWrite(address + P + 100, "B"u8);
                Poke(tale, apps);
                tale.Machine.TextPoke.Revert(process, address, s_two);
            })
            .Told();
    }

    [Fact]
    public Task Equal_changes_by_two_users_are_one_inode()
    {
        using var tale = new Tale(Tale.Patches);
        tale.File("/lib", 3).Dispose();
        var (ann, a) = tale.Mapped("/lib", Protection.ReadExecute, user: tale.Machine.Processes.AddUser("ann"));
        var (bob, b) = tale.Mapped("/lib", Protection.ReadExecute, user: tale.Machine.Processes.AddUser("bob"));
        var forth = new PatchSetBuilder().Add(16, "AA"u8, [1, 2]).Add(P + 32, "B"u8, [3]).Build();
        var back = new PatchSetBuilder().Add(P + 32, "B"u8, [3]).Add(17, "A"u8, [2]).Add(16, "A"u8, [1]).Build();
        return tale.Begin()
            .Then("ann pokes two bytes as one entry", () => tale.Machine.TextPoke.Apply(ann, a, forth))
            .Then("bob pokes them as two", () => Assert.False(tale.Machine.TextPoke.Apply(bob, b, back).WasKnown))
            .Told();
    }

    [Fact]
    public Task A_poked_mapping_keeps_its_snapshot_when_the_file_is_written()
    {
        using var tale = Begun(out var apps, processes: 2);
        Poke(tale, apps[..1]);
        apps.ForEach(a => Tale.Touch(a.Process, a.Address, 3));
        using var file = tale.Machine.Volume.Open("/lib", OpenFlags.ReadWrite);
        return tale.Begin()
            .Then("write to pages 0 and 2; process 2 sees it, process 1 does not", () =>
            {
                file.Write(0, "new"u8);
                file.Write(2 * P, "new"u8);
                Assert.Equal("AAACCC", Bytes(apps[0]));
                Assert.Equal("newnew", Bytes(apps[1]));
            })
            .Then("after a revert process 1 sees it too", () =>
            {
                tale.Machine.TextPoke.Revert(apps[0].Process, apps[0].Address, s_two);
                Assert.Equal("newnew", Bytes(apps[0]));
            })
            .Told();
    }

    [Fact]
    public Task A_patched_copy_of_the_file_is_cached_twice()
    {
        using var tale = Begun(out _, processes: 1);
        return tale.Begin()
            .Then("copy and patch", () => PatchedCopy.Create(tale.Machine.Volume, "/lib", "/lib.patched", s_two))
            .Then("map the copy", () =>
            {
                var (process, address) = tale.Mapped("/lib.patched", Protection.ReadExecute);
                Tale.Touch(process, address, 3);
            })
            .Told();
    }

    private static Tale Begun(
        out List<(Process Process, long Address)> apps, int processes, string[]? tables = null, long memory = 256 << Page.Shift)
    {
        var tale = new Tale(tables ?? Tale.Patches, memory);
        tale.File("/lib", 3).Dispose();
        tale.Machine.Cache.Dirty.CleanAll();
        apps = [.. Enumerable.Range(0, processes).Select(_ => tale.Mapped("/lib", Protection.ReadExecute))];
        apps.ForEach(a => Tale.Touch(a.Process, a.Address, 3));
        return tale;
    }

    private static void Poke(Tale tale, List<(Process Process, long Address)> apps) =>
        apps.ForEach(a => tale.Machine.TextPoke.Apply(a.Process, a.Address, s_two));

    // The first three bytes of pages 0 and 2.
    private static string Bytes((Process Process, long Address) app)
    {
        var (first, third) = (new byte[3], new byte[3]);
        app.Process.Memory.Load(app.Address, first);
        app.Process.Memory.Load(app.Address + (2 * P), third);
        return System.Text.Encoding.ASCII.GetString([.. first, .. third]);
    }
}
