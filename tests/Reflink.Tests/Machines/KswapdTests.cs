using Reflink.Cache;
using Reflink.Machines;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Machines;

/// <summary>Free memory between the watermarks: kswapd keeps it there on a processor of its own, and whoever is faster than it reclaims by itself.</summary>
public sealed class KswapdTests
{
    private const int P = Page.Size;
    private const int Frames = 1024;

    [Fact]
    public void Watermarks_are_those_of_the_kernel_that_was_measured()
    {
        // The zone Normal of a machine with 24 GiB: reclaim.md, section 2.
        Assert.Equal(new Watermarks(13_854, 17_392, 20_930), Watermarks.Of(3_538_500, 13_854, Watermarks.DefaultScale));
        Assert.Equal(new Watermarks(100, 125, 150), Watermarks.Of(10_000, 100, Watermarks.DefaultScale));
        Assert.Equal(default, Watermarks.Of(10_000, 0, Watermarks.DefaultScale));
        Assert.Equal(4L << 20, Watermarks.DefaultMinFree(1L << 30));
        Assert.Equal((128L << 10, 256L << 20), (Watermarks.DefaultMinFree(1 << 20), Watermarks.DefaultMinFree(1L << 43)));
    }

    [Theory]
    [InlineData("linux")]
    [InlineData("lru")]
    public void While_a_file_is_read_kswapd_frees_pages_and_nobody_waits_for_them(string policy)
    {
        using var machine = Make(policy, new CostModel());
        var least = ReadFile(machine, 4 * Frames);
        Assert.InRange(least, 65, machine.Watermarks.High);
        Assert.Equal(0, machine.Cache.Reclaimed.Stalls);
        var counters = Counters(machine);
        Assert.Equal(0, counters["pgscan_direct"]);
        Assert.Equal(counters["pgscan_file"], counters["pgscan_kswapd"]);
        Assert.Equal(counters["pgsteal_file"], counters["pgsteal_kswapd"]);
        Assert.InRange(counters["pageoutrun"], 2, 4 * Frames / 32);
        Assert.Equal(counters["pgscan_kswapd"], machine.Meter.Of(machine.KswapdAccount, WorkKind.PageReclaimed));
        Assert.Empty(Fsck.Check(machine));
    }

    [Fact]
    public void What_kswapd_does_takes_no_time_of_those_who_need_memory()
    {
        long TimeOf(long minFree)
        {
            using var machine = Make("lru", new CostModel(), minFree);
            ReadFile(machine, 4 * Frames);
            var (time, scanned) = (machine.Clock.Now, machine.Meter.Total(WorkKind.PageReclaimed));
            var (count, stalled) = (machine.Cache.Reclaimed.Stalls, machine.Cache.Reclaimed.StalledNanoseconds);
            Assert.Equal(minFree == 0, count > 0);
            Assert.Equal(minFree == 0 ? scanned * new CostModel()[WorkKind.PageReclaimed].Nanoseconds : 0, stalled);
            return time - stalled;
        }

        // But for the waiting both do the same work.
        Assert.Equal(TimeOf(0), TimeOf(64 * P));
    }

    [Fact]
    public void Where_kswapd_is_slower_than_those_who_need_memory_they_reclaim_by_themselves_and_no_allocation_takes_the_last_pages()
    {
        var costs = new CostModel { [WorkKind.StoreWrite] = new(20_000, "a slow disk") };
        using var machine = Make("linux", costs, 64 * P, swap: 8 * Frames);
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var heap = process.Memory.MapAnonymous(4L * Frames * P, Protection.ReadWrite);
        var least = Frames;
        for (var page = 0; page < 4 * Frames; page++)
        {
            process.Memory.Store(heap + ((long)page * P), [1]);
            least = Math.Min(least, machine.Cache.FrameCount - machine.Cache.Resident);
        }

        var (count, time) = (machine.Cache.Reclaimed.Stalls, machine.Cache.Reclaimed.StalledNanoseconds);
        var counters = Counters(machine);
        Assert.Equal(64, least);
        Assert.Equal(count, counters["allocstall_movable"]);
        Assert.InRange(time, count * 20_000, machine.Clock.Now);
        Assert.True(counters["pgsteal_direct"] > 0 && counters["pgsteal_kswapd"] > 0);
        Assert.Equal(counters["pgsteal_anon"], counters["pgsteal_direct"] + counters["pgsteal_kswapd"]);
        Assert.Equal(machine.Meter.Of(process.Account, WorkKind.StoreWrite), counters["pgsteal_direct"]);
        Assert.Empty(Fsck.Check(machine));
    }

    [Fact]
    public void Where_nothing_can_leave_kswapd_gives_up_and_an_allocation_says_how_much_is_kept_free()
    {
        using var machine = Make("fifo", new CostModel());
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var heap = process.Memory.MapAnonymous(Frames * P, Protection.ReadWrite);
        var page = 0;
        var refused = Assert.Throws<ReflinkException>(() =>
        {
            for (; page < Frames; page++)
            {
                process.Memory.Store(heap + ((long)page * P), [1]);
            }
        });
        Assert.Equal(Frames - 64, page);
        Assert.Equal(Errno.ENOMEM, refused.Error);
        Assert.Contains("64 kept free (min_free_kbytes)", refused.Reason);
        machine.Wait(TimeSpan.FromSeconds(1));
        Assert.False(machine.Cache.Allocator.Kswapd.IsAwake);
    }

    [Fact]
    public void While_time_passes_kswapd_goes_on_until_enough_is_free()
    {
        using var machine = Make("lru", new CostModel { [WorkKind.PageReclaimed] = new(100_000, "a slow processor") });
        ReadFile(machine, Frames);
        Assert.True(machine.Cache.Allocator.Kswapd.IsAwake);
        machine.Wait(TimeSpan.FromSeconds(1));
        Assert.InRange(machine.Cache.FrameCount - machine.Cache.Resident, machine.Watermarks.High + 1, machine.Watermarks.High + 32);
    }

    [Fact]
    public void Marks_are_read_and_set_through_control_files()
    {
        using var machine = Make("lru", new CostModel(), minFree: 0);
        Assert.Equal(("0", "10"), (machine.Control["/proc/sys/vm/min_free_kbytes"], machine.Control["/proc/sys/vm/watermark_scale_factor"]));
        machine.Control["/proc/sys/vm/min_free_kbytes"] = "256";
        Assert.Equal(new Watermarks(64, 80, 96), machine.Watermarks);
        machine.Control["/proc/sys/vm/watermark_scale_factor"] = "500";
        Assert.Equal(new Watermarks(64, 115, 166), machine.Watermarks);
        foreach (var (file, value) in ((string, string)[])[("min_free_kbytes", "4096"), ("min_free_kbytes", "-1"), ("watermark_scale_factor", "0"), ("watermark_scale_factor", "3001"), ("watermark_scale_factor", "x")])
        {
            Assert.Equal(Errno.EINVAL, Assert.Throws<ReflinkException>(() => machine.Control[$"/proc/sys/vm/{file}"] = value).Error);
        }

        Assert.Equal(new Watermarks(64, 115, 166), machine.Watermarks);
        Assert.Throws<ReflinkException>(() => new Machine(new MachineOptions { Memory = Frames * P, MinFree = Frames * P }));
    }

    private static Machine Make(string policy, CostModel costs, long minFree = 64 * P, long swap = 0) =>
        new(new MachineOptions { Memory = Frames * P, Policy = policy, MinFree = minFree, Costs = costs, Swap = swap * P });

    // Reads a file once, and says how few pages were free after a read.
    private static int ReadFile(Machine machine, int pages)
    {
        using var file = machine.Volume.Open("/f", OpenFlags.Create | OpenFlags.ReadWrite);
        file.Truncate((long)pages * P);
        var bytes = new byte[P];
        for (var page = 0; page < pages; page++)
        {
            file.Write((long)page * P, bytes);
            machine.DropCaches();
        }

        var least = machine.Cache.FrameCount;
        for (var page = 0; page < pages; page++)
        {
            file.Read((long)page * P, bytes);
            least = Math.Min(least, machine.Cache.FrameCount - machine.Cache.Resident);
        }

        return least;
    }

    private static Dictionary<string, long> Counters(Machine machine) => VmStat.Of(machine).ToDictionary(c => c.Name, c => c.Value);
}
