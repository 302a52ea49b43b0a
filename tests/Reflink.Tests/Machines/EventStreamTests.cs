using System.Globalization;
using System.Text;
using Reflink.Cache;
using Reflink.Machines;
using Reflink.Tests.Measuring;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Machines;

/// <summary>The event stream tells what the kernel's tracepoints would, and costs nothing while nobody listens.</summary>
public sealed class EventStreamTests
{
    private const int P = Page.Size;

    [Fact]
    public Task A_small_story_in_events()
    {
        using var machine = new Machine(new MachineOptions { Memory = 32 * P, MinFree = 4 * P, Policy = "fifo" });
        var story = new StringBuilder();
        machine.Events.Listener = e => story.Append(Line(e)).Append('\n');
        void Then(string what, Action act)
        {
            story.Append(CultureInfo.InvariantCulture, $"\n# {what}\n");
            act();
        }

        using var file = machine.Volume.Create("/lib");
        var parent = machine.Processes.Spawn(machine.Processes.User(0), "parent");
        var (memory, heap) = (parent.Memory, 0L);
        Then("write two pages, and sync", () => WriteTwoPages(machine, file));
        Then("map and load them", () => memory.Load(memory.Map(file, 0, 2 * P, Protection.Read), new byte[2 * P]));
        Then("store the same to two pages of its own, and merge them", () => heap = Merge(machine, parent));
        Then("fork, and store", () => parent.Fork().Memory.Store(heap, [1]));
        Then("the child runs another program, and exits", () => EndChild(machine));
        Then("write more than there is memory", () => file.Write(2 * P, new byte[34 * P]));
        return Verify(story.ToString());
    }

    [Theory]
    [InlineData("linux")]
    [InlineData("mglru")]
    [InlineData("fifo")]
    public void The_sums_of_events_are_the_kernels_counters(string policy)
    {
        using var machine = Make(policy);
        var counts = new EventCounts();
        machine.Events.Listener = counts.Add;
        Press(machine);
        var stat = VmStat.Of(machine).ToDictionary(c => c.Name, c => c.Value);
        Assert.Equal(stat["pgfault"], counts.Of("page_fault_user"));
        Assert.Equal(stat["pgmajfault"], counts.Sum("page_fault_user", "major"));
        Assert.Equal(stat["pgscan_kswapd"] + stat["pgscan_direct"], counts.Sum("mm_vmscan_lru_shrink_inactive", "nr_scanned"));
        Assert.Equal(stat["pgsteal_kswapd"] + stat["pgsteal_direct"], counts.Sum("mm_vmscan_lru_shrink_inactive", "nr_reclaimed"));
        Assert.Equal(stat["pgsteal_direct"], counts.Sum("mm_vmscan_direct_reclaim_end", "nr_reclaimed"));
        Assert.Equal(stat["nr_written"], counts.Sum("writeback_pages_written", "pages"));
        Assert.Equal(stat["pageoutrun"], counts.Of("mm_vmscan_kswapd_wake"));
        Assert.Equal(machine.Cache.Resident - machine.Cache.Contents.Anonymous, counts.Of("mm_filemap_add_to_page_cache") - counts.Of("mm_filemap_delete_from_page_cache"));
        Assert.Equal(counts.Of("mm_vmscan_direct_reclaim_begin"), counts.Of("mm_vmscan_direct_reclaim_end"));
        Assert.Equal(machine.Cache.Reclaimed.Stalls, counts.Of("mm_vmscan_direct_reclaim_begin"));
        Assert.True(stat["pgmajfault"] > 0 && stat["pgsteal_kswapd"] > 0 && stat["pgsteal_direct"] > 0);
    }

    [Fact]
    public void A_victim_of_the_killer_is_told_once()
    {
        using var machine = new Machine(new MachineOptions { Memory = 64 * P, OutOfMemory = OutOfMemory.Kill });
        var counts = new EventCounts();
        machine.Events.Listener = counts.Add;
        var hog = machine.Processes.Spawn(machine.Processes.User(0), "hog");
        var heap = hog.Memory.MapAnonymous(100 * P, Protection.ReadWrite);
        Assert.Equal(Errno.ENOMEM, Assert.Throws<ReflinkException>(() => hog.Memory.Store(heap, new byte[100 * P])).Error);
        Assert.Equal(1, counts.Of("mark_victim"));
        Assert.Equal(hog.Id.Value, counts.Sum("mark_victim", "pid"));
    }

    [Fact]
    public void Listening_changes_nothing_and_ends_when_the_listener_is_taken_away()
    {
        using var watched = Make("linux");
        using var alone = Make("linux");
        var counts = new EventCounts();
        watched.Events.Listener = counts.Add;
        Press(watched);
        Press(alone);
        Assert.Equal(alone.Snapshot().ToString(), watched.Snapshot().ToString());
        Assert.Equal(alone.Clock.Now, watched.Clock.Now);
        var told = counts.Total;
        Assert.True(told > 1000);
        watched.Events.Listener = null;
        Press(watched);
        Assert.Equal(told, counts.Total);
    }

    [Fact]
    public void A_page_that_is_in_memory_is_found_without_an_event()
    {
        using var machine = Make("linux");
        using var file = machine.Volume.Create("/hit");
        file.Write(0, new byte[P]);
        var memory = machine.Processes.Spawn(machine.Processes.User(0), "p").Memory;
        var at = memory.Map(file, 0, P, Protection.ReadWrite, MappingKind.Shared);
        memory.Store(at, [1]);
        var counts = new EventCounts();
        machine.Events.Listener = counts.Add;
        for (var n = 0; n < 100; n++)
        {
            memory.Load(at, new byte[1]);
            memory.Store(at, [2]);
            file.Read(0, new byte[1]);
        }

        Assert.Equal(0, counts.Total);
    }

    [Fact]
    public void A_miss_allocates_nothing_without_a_listener()
    {
        using var machine = new Machine(new MachineOptions { Memory = 64 * P, Policy = "clock" });
        using var file = machine.Volume.Create("/big");
        file.Write(0, new byte[256 * P]);
        machine.Volume.Sync();
        var bytes = new byte[8];
        var before = machine.Cache.Evictions;
        void Miss(int n) => file.Read(n * 97L % 256 * P, bytes);
        for (var n = 0; n < 30_000; n++)
        {
            Miss(n);
        }

        Assert.True(machine.Cache.Evictions - before > 20_000);
        Allocations.AssertNone(5_000, Miss);
    }

    private static string Line(MachineEvent told)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{told.Time,8} {told.Account} {told.Name}");
        foreach (var field in told.Fields)
        {
            line.Append(CultureInfo.InvariantCulture, $" {field.Name}={field.Value}");
        }

        return line.ToString();
    }

    private static void WriteTwoPages(Machine machine, OpenFile file)
    {
        file.Write(0, new byte[2 * P]);
        machine.Volume.Sync();
    }

    private static long Merge(Machine machine, Process process)
    {
        var heap = process.Memory.MapAnonymous(2 * P, Protection.ReadWrite);
        process.Memory.Store(heap, [.. Enumerable.Repeat((byte)7, 2 * P)]);
        process.Madvise(heap, 2 * P, Advice.Mergeable);
        machine.Ksm.Pass();
        machine.Ksm.Pass();
        return heap;
    }

    private static void EndChild(Machine machine)
    {
        var child = machine.Processes.Alive[^1];
        child.Exec("other");
        child.Exit();
    }

    private static Machine Make(string policy) => new(new MachineOptions
    {
        Memory = 256 * P, MinFree = 8 * P, Swap = 4096 * P, Policy = policy, Costs = new CostModel { [WorkKind.StoreWrite] = new(20_000, "a slow disk") },
    });

    // A file that is read and written, and a heap, each larger than memory.
    private static void Press(Machine machine)
    {
        using var file = machine.Volume.Open("/f", OpenFlags.Create | OpenFlags.ReadWrite);
        file.Write(0, new byte[512 * P]);
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var heap = process.Memory.MapAnonymous(512 * P, Protection.ReadWrite);
        var text = process.Memory.Map(file, 0, 512 * P, Protection.ReadWrite);
        for (var n = 0; n < 3000; n++)
        {
            process.Memory.Store(heap + (n * 37L % 512 * P), [1]);
            process.Memory.Load(text + (n * 53L % 512 * P), new byte[1]);
        }
    }
}
