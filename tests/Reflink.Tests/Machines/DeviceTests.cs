using Reflink.Machines;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Machines;

/// <summary>A disk that takes time: who waits for it, how long, and what cannot leave memory meanwhile.</summary>
public sealed class DeviceTests
{
    private const int P = Page.Size;

    // A page takes 10 µs to transfer, and 100 µs to arrive besides.
    private const long Transfer = 10_000;
    private const long Latency = 100_000;
    private static readonly DeviceModel s_disk = new("test", TimeSpan.FromMicroseconds(100), TimeSpan.FromMicroseconds(100), P * 100_000L, P * 100_000L);

    [Fact]
    public void A_read_waits_for_its_page_and_a_hit_does_not()
    {
        using var machine = Make(64);
        using var file = Fill(machine, 4);
        machine.DropCaches();
        var before = machine.DiskWaits;
        var bytes = new byte[P];
        file.Read(2 * P, bytes);
        Assert.Equal(Transfer + Latency, machine.DiskWaits.ForReads - before.ForReads);
        file.Read(2 * P, bytes);
        Assert.Equal(Transfer + Latency, machine.DiskWaits.ForReads - before.ForReads);
    }

    [Fact]
    public void A_sequential_reader_is_as_fast_as_the_disk_transfers()
    {
        const int Pages = 512;
        using var machine = Make(1024, readahead: 32);
        using var file = Fill(machine, Pages);
        machine.DropCaches();
        var (begin, bytes) = (machine.Clock.Now, new byte[P]);
        for (var page = 0; page < Pages; page++)
        {
            file.Read((long)page * P, bytes);
        }

        // But for the first windows, nobody waits for a latency, and the last window is on its way.
        Assert.InRange(machine.Clock.Now - begin, (Pages - 32) * Transfer, (Pages * Transfer) + (3 * Latency));
    }

    [Fact]
    public void Pages_that_are_written_arrive_one_after_the_other_and_a_sync_waits_for_the_last()
    {
        using var machine = Make(64);
        using var file = Fill(machine, 8);
        var before = machine.DiskWaits.ForWrites;
        machine.Volume.Sync();
        Assert.InRange(machine.DiskWaits.ForWrites - before, Latency, (8 * Transfer) + Latency);
        Assert.Equal(0, machine.Cache.Dirty.InFlight);
        Assert.Empty(Fsck.Check(machine));
    }

    [Fact]
    public void A_page_that_goes_to_swap_leaves_memory_when_it_has_arrived_there()
    {
        using var machine = Make(64, swap: 64);
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var heap = process.Memory.MapAnonymous(8 * P, Protection.ReadWrite);
        process.Memory.Store(heap, new byte[8 * P].Select(_ => (byte)7).ToArray());
        process.Memory.Advise(heap, 8 * P, Advice.PageOut);
        Assert.Equal((8, 8), (machine.Cache.Dirty.InFlight, machine.Cache.Resident));
        Assert.Empty(Fsck.Check(machine));

        // It is stored to on its way, so it is dirty again and stays.
        process.Memory.Store(heap + P, [9]);
        machine.Wait(TimeSpan.FromMilliseconds(1));
        Assert.Equal((0, 1), (machine.Cache.Dirty.InFlight, machine.Cache.Resident));
        Assert.Equal((7, 9), (process.Memory.Load<byte>(heap), process.Memory.Load<byte>(heap + P)));
        Assert.Empty(Fsck.Check(machine));
    }

    [Fact]
    public void Whoever_needs_memory_waits_until_a_page_has_left_for_swap()
    {
        using var machine = Make(64, swap: 256);
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var heap = process.Memory.MapAnonymous(128 * P, Protection.ReadWrite);
        for (var page = 0; page < 128; page++)
        {
            process.Memory.Store(heap + (page * P), [(byte)page]);
            Assert.InRange(machine.Cache.Resident, 0, 64);
        }

        // Each of the 64 that had to leave was written first; one at a time here, since a batch in so small a memory has one page.
        Assert.Equal(64 * (Transfer + Latency), machine.DiskWaits.ForWrites);
        Assert.Equal(64, machine.Cache.Reclaimed.Stalls);
        Assert.InRange(machine.Cache.Reclaimed.StalledNanoseconds, machine.DiskWaits.ForWrites, machine.DiskWaits.ForWrites + 1_000_000);
        for (var page = 0; page < 128; page++)
        {
            Assert.Equal((byte)page, process.Memory.Load<byte>(heap + (page * P)));
        }

        Assert.Empty(Fsck.Check(machine));
    }

    [Fact]
    public void Truncating_a_file_waits_for_its_pages_on_their_way_and_the_end_of_a_process_does_not()
    {
        using var machine = Make(64, swap: 64);
        using var file = Fill(machine, 2);
        machine.Cache.Dirty.Clean(new FrameNumber(0));
        Assert.Equal(1, machine.Cache.Dirty.InFlight);
        file.Truncate(0);
        Assert.Equal(Transfer + Latency, machine.DiskWaits.ForWrites);
        Assert.Equal(0, machine.Cache.Dirty.InFlight);

        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var heap = process.Memory.MapAnonymous(8 * P, Protection.ReadWrite);
        process.Memory.Store(heap, new byte[8 * P]);
        process.Memory.Advise(heap, 8 * P, Advice.PageOut);
        process.Exit();
        Assert.Equal(Transfer + Latency, machine.DiskWaits.ForWrites);
        Assert.Equal((0, 0), (machine.Cache.Dirty.InFlight, machine.Cache.Resident));
        Assert.Empty(Fsck.Check(machine));
    }

    [Fact]
    public void A_disk_of_impossible_speed_is_refused()
    {
        foreach (var disk in (DeviceModel[])[s_disk with { ReadBandwidth = 0 }, s_disk with { WriteBandwidth = P - 1 }, s_disk with { ReadLatency = TimeSpan.FromTicks(-1) }, s_disk with { WriteLatency = TimeSpan.FromSeconds(61) }])
        {
            Assert.Equal(Errno.EINVAL, Assert.Throws<ReflinkException>(() => new Machine(new MachineOptions { Device = disk })).Error);
        }
    }

    [Fact]
    public void What_left_memory_when_it_had_arrived_counts_for_whoever_chose_it()
    {
        using var machine = new Machine(new MachineOptions { Memory = 256 * P, MinFree = P, Device = DeviceModel.Measured });
        using var file = Fill(machine, 500);
        machine.Volume.Clone("/f", "/g");
        using var clone = machine.Volume.Open("/g");
        for (var page = 0; page < 500; page++)
        {
            clone.Read((long)page * P, new byte[P]);
            Assert.Empty(Fsck.Check(machine));
        }
    }

    private static Machine Make(int frames, int swap = 0, int readahead = 0) => new(new MachineOptions
    {
        Memory = (long)frames * P, Swap = (long)swap * P, Device = s_disk, Readahead = (long)readahead * P, Policy = "lru",
    });

    private static OpenFile Fill(Machine machine, int pages)
    {
        var file = machine.Volume.Open("/f", OpenFlags.Create | OpenFlags.ReadWrite);
        file.Write(0, new byte[pages * P]);
        return file;
    }
}
