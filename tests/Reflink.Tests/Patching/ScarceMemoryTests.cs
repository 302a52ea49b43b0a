using Reflink.Patching;
using Reflink.Tests.Stories;
using Reflink.Units;
using Reflink.Vm;
using static Reflink.Tests.Patching.Scene;

namespace Reflink.Tests.Patching;

/// <summary>Changes of levels and probes when memory and swap run out on the way, wherever that is: all or nothing.</summary>
public sealed class ScarceMemoryTests
{
    // More than there are frames.
    private const int Pages = 20;
    private const string Trap = "\u00cc";

    [Fact]
    public void A_mapping_in_two_parts_is_reverted_whole_or_not_at_all() => WithEveryRoom((machine, file, room) =>
    {
        var process = Spawn(machine);
        var mapping = (Process: process, Address: process.Memory.Map(file, 0, Pages * P, Protection.ReadExecute));
        var set = Everywhere();
        machine.TextPoke.Apply(process, mapping.Address, set);
        process.Memory.Protect(mapping.Address + ((Pages - 1) * P), P, Protection.Read);
        Debug(mapping);

        // The child has the private copies too: reverting must make them the process's own.
        using var child = new Ending(process.Fork());
        using var hog = Hog(machine, room);
        var failed = Fails(() => machine.TextPoke.Revert(process, mapping.Address, set));
        hog.Dispose();
        Assert.Equal(failed ? 1 : 0, TextPoke.LevelsOf(process, mapping.Address).Count);
        Assert.Equal(failed ? 1 : 0, TextPoke.LevelsOf(process, mapping.Address + ((Pages - 1) * P)).Count);
        Assert.All(Enumerable.Range(0, Pages), page => Assert.Equal(failed ? "1" : Letter(page), Shown(mapping, (page * P) + 16, 1)));
        return failed;
    });

    [Fact]
    public void An_overlay_with_a_probe_under_it_goes_from_all_mappings_or_from_none() => WithEveryRoom((machine, file, room) =>
    {
        var (one, two) = (Spawn(machine), Spawn(machine));
        var mappings = new[] { one, two }.Select(p => (Process: p, Address: p.Memory.Map(file, 0, Pages * P, Protection.ReadExecute))).ToArray();
        var overlay = Everywhere(first: 0xcc);
        machine.Uprobes.Attach(one, file, Tale.Breakpoints(16));
        machine.Overlays.Apply(one, one.User, file, overlay);
        Assert.All(mappings, m => Assert.Equal(0, Copies(m)));
        Debug(mappings[1]);
        using var hog = Hog(machine, room);
        var failed = Fails(() => machine.Overlays.Revert(one, one.User, file, overlay));
        hog.Dispose();
        Assert.Equal(failed ? 1 : 0, machine.Overlays.All.Count());
        Assert.All(mappings, m => Assert.Equal(failed ? "1" : "B", Shown(m, P + 16, 1)));
        Assert.Equal(machine.Uprobes.Missed, mappings.Count(m => Shown(m, 16, 1) != Trap));
        return failed;
    });

    [Fact]
    public void Probes_go_from_all_mappings_or_from_none() => WithEveryRoom((machine, file, room) =>
    {
        var (one, two) = (Spawn(machine), Spawn(machine));
        var mappings = new[] { one, two }.Select(p => (Process: p, Address: p.Memory.Map(file, 0, Pages * P, Protection.ReadExecute))).ToArray();
        var link = machine.Uprobes.Attach(one, file, Tale.Breakpoints([.. Enumerable.Range(0, 4).Select(page => (page * P) + 16L)]));
        two.Memory.DebugWrite(mappings[1].Address + P, "D"u8);
        using var child = new Ending(two.Fork());
        using var hog = Hog(machine, room);
        var failed = Fails(() => machine.Uprobes.Detach(one, link));
        hog.Dispose();
        Assert.Equal(failed, link.IsAttached);
        Assert.All(mappings, m => Assert.Equal(failed ? Trap + Trap : "AB", Shown(m, 16, 1) + Shown(m, P + 16, 1)));
        return failed;
    });

    // Tries all amounts of free memory, from none to plenty: some must fail and some must not.
    private static void WithEveryRoom(Func<Machine, OpenFile, int, bool> change)
    {
        var failures = 0;
        const int Rooms = Pages + 4;
        for (var room = 0; room < Rooms; room++)
        {
            using var machine = new Machine(new MachineOptions { Memory = 16 << Page.Shift, Swap = 48 << Page.Shift });
            using var file = machine.Volume.Create("/lib");
            file.Write(0, Tale.Letters(Pages));
            failures += change(machine, file, room) ? 1 : 0;
            Assert.Empty(Fsck.Check(machine));
        }

        Assert.InRange(failures, 1, Rooms - 1);
    }

    private static Process Spawn(Machine machine) => machine.Processes.Spawn(machine.Processes.User(0), "one");

    private static string Letter(int page) => ((char)('A' + page)).ToString();

    private static PatchSet Everywhere(byte first = (byte)'1')
    {
        var set = new PatchSetBuilder();
        for (var page = 0; page < Pages; page++)
        {
            set.Add((page * P) + 16, [(byte)('A' + page)], [page == 0 ? first : (byte)'1']);
        }

        return set.Build();
    }

    // A private copy of every page.
    private static void Debug((Process Process, long Address) mapping)
    {
        for (var page = 0; page < Pages; page++)
        {
            mapping.Process.Memory.DebugWrite(mapping.Address + (page * P), "D"u8);
        }
    }

    private static bool Fails(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (ReflinkException e) when (e.Error == Errno.ENOMEM)
        {
            return true;
        }
    }

    // Anonymous pages until no more fit into memory and swap, then that many go again.
    private static Ending Hog(Machine machine, int room)
    {
        var hog = new Ending(Spawn(machine));
        var (memory, count) = (hog.Process.Memory, 0);
        var address = memory.MapAnonymous(128 * P, Protection.ReadWrite);
        while (!Fails(() => memory.Store(address + (count * P), "h"u8)))
        {
            count++;
        }

        if (room > 0)
        {
            memory.Unmap(address + ((count - room) * P), room * P);
        }

        return hog;
    }

    /// <summary>A process that exits in the end, once.</summary>
    private sealed class Ending(Process process) : IDisposable
    {
        public Process Process => process;

        public void Dispose()
        {
            if (process.IsAlive)
            {
                process.Exit();
            }
        }
    }
}
