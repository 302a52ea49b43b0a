using Reflink.Machines;
using Reflink.Tests.Cache;
using Reflink.Tests.Store;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Machines;

/// <summary>Dirty pages are written by a daemon after a time or when they are many, and who dirties more than the disk takes waits for it.</summary>
public sealed class FlusherTests
{
    private const int P = Page.Size;
    private const int Frames = 4096;
    private const long Second = 1_000_000_000;

    // A page takes 10 µs.
    private static readonly DeviceModel s_disk = new("test", TimeSpan.FromMicroseconds(100), TimeSpan.FromMicroseconds(100), P * 100_000L, P * 100_000L);

    [Theory]
    [InlineData(10, 20, 0, 0, 100, 200)]
    [InlineData(10, 20, 50 * P, 0, 50, 200)]
    [InlineData(10, 20, 0, 80 * P, 40, 80)]
    [InlineData(30, 20, 0, 0, 100, 200)]
    public void Limits_are_ratios_of_what_can_be_dirty_or_bytes_and_the_lower_one_is_at_most_half_of_the_upper_where_it_would_reach_it(
        int backgroundRatio, int ratio, long backgroundBytes, long bytes, long background, long limit)
    {
        var limits = new DirtyLimits { BackgroundRatio = backgroundRatio, Ratio = ratio, BackgroundBytes = backgroundBytes, Bytes = bytes };
        Assert.Equal((background, limit), limits.Of(1000));
    }

    [Fact]
    public void A_file_is_written_when_it_has_been_dirty_for_thirty_seconds()
    {
        using var machine = Make(new DirtyLimits());
        using var file = machine.Volume.Create("/f");
        file.Write(0, new byte[4 * P]);
        machine.Wait(TimeSpan.FromSeconds(29));
        Assert.Equal(4, Counter(machine, "nr_dirty"));
        machine.Wait(TimeSpan.FromSeconds(6));
        Assert.Equal((0, 4), (Counter(machine, "nr_dirty"), Counter(machine, "nr_written")));

        // The next time counts anew, although a page of it was written just now.
        file.Write(0, [1]);
        machine.Wait(TimeSpan.FromSeconds(29));
        Assert.Equal(1, Counter(machine, "nr_dirty"));
        machine.Wait(TimeSpan.FromSeconds(6));
        Assert.Equal(0, Counter(machine, "nr_dirty"));
        Assert.Equal(5, machine.Meter.Of(machine.FlusherAccount!.Value, WorkKind.StoreWrite));
        Assert.Empty(Fsck.Check(machine));
    }

    [Fact]
    public void As_much_may_be_dirty_as_before_when_a_process_has_given_its_memory_back()
    {
        using var machine = Make(new DirtyLimits());
        var before = Counter(machine, "nr_dirty_threshold");
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var heap = process.Memory.MapAnonymous(1000 * P, Protection.ReadWrite);
        process.Memory.Store(heap, new byte[1000 * P]);
        Assert.True(Counter(machine, "nr_dirty_threshold") < before);
        process.Exit();
        Assert.Equal(before, Counter(machine, "nr_dirty_threshold"));
    }

    [Fact]
    public void With_an_interval_of_zero_old_pages_stay_dirty_until_too_many_are_or_there_is_an_interval_again()
    {
        using var machine = Make(new DirtyLimits { BackgroundBytes = 8 * P });
        machine.Control["/proc/sys/vm/dirty_writeback_centisecs"] = "0";
        Assert.Equal("0", machine.Control["/proc/sys/vm/dirty_writeback_centisecs"]);
        using var file = machine.Volume.Create("/f");
        file.Write(0, new byte[4 * P]);
        machine.Wait(TimeSpan.FromMinutes(10));
        Assert.Equal((4, 0), (Counter(machine, "nr_dirty"), Counter(machine, "nr_written")));

        file.Write(4 * P, new byte[100 * P]);
        machine.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal((0, 104), (Counter(machine, "nr_dirty"), Counter(machine, "nr_written")));

        file.Write(0, new byte[P]);
        machine.Wait(TimeSpan.FromMinutes(10));
        Assert.Equal(1, Counter(machine, "nr_dirty"));
        machine.Control["/proc/sys/vm/dirty_writeback_centisecs"] = "500";
        machine.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(0, Counter(machine, "nr_dirty"));
        Assert.Empty(Fsck.Check(machine));
    }

    [Fact]
    public void A_file_that_somebody_else_wrote_is_dirty_anew_when_it_is_written_again()
    {
        using var machine = Make(new DirtyLimits());
        using var file = machine.Volume.Create("/f");
        file.Write(0, new byte[4 * P]);
        machine.Wait(TimeSpan.FromSeconds(3));
        machine.Volume.Sync();
        machine.Wait(TimeSpan.FromSeconds(60));
        file.Write(0, [1]);
        machine.Wait(TimeSpan.FromSeconds(29));
        Assert.Equal(1, Counter(machine, "nr_dirty"));
    }

    [Fact]
    public void What_was_dirtied_first_is_written_first_file_by_file()
    {
        var store = new WatchedPageStore(new DictionaryPageStore());
        using var machine = Make(new DirtyLimits(), store: store);
        using var late = machine.Volume.Create("/late");
        using var early = machine.Volume.Create("/early");
        early.Write(3 * P, new byte[P]);
        for (var page = 0; page < 3; page++)
        {
            late.Write(page * P, new byte[P]);
            early.Write(page * P, new byte[P]);
        }

        machine.Wait(TimeSpan.FromSeconds(40));
        BlockNumber BlockOf(OpenFile file, int page) => file.Inode.Map.TryFindBlock(new PageIndex(page), out var block) ? block : default;
        Assert.Equal(
            [.. Enumerable.Range(0, 4).Select(page => BlockOf(early, page)), .. Enumerable.Range(0, 3).Select(page => BlockOf(late, page))], store.Written);
    }

    [Fact]
    public void While_too_much_is_dirty_the_flusher_writes_a_part_at_a_time_as_the_disk_takes_it()
    {
        using var machine = Make(new DirtyLimits { BackgroundBytes = 100 * P, Bytes = Frames * P }, s_disk);
        using var file = machine.Volume.Create("/f");
        file.Write(0, new byte[2000 * P]);
        Assert.Equal((976, 1024), (Counter(machine, "nr_dirty"), Counter(machine, "nr_writeback")));
        machine.Wait(TimeSpan.FromMilliseconds(10));
        Assert.Equal(976, Counter(machine, "nr_dirty"));
        machine.Wait(TimeSpan.FromMilliseconds(11));
        Assert.Equal((0, 0), (Counter(machine, "nr_dirty"), Counter(machine, "nr_writeback")));
        Assert.Equal(0, machine.DirtyPauses.Count);
        Assert.Empty(Fsck.Check(machine));
    }

    [Fact]
    public void Whoever_dirties_more_than_the_disk_takes_is_slowed_down_to_its_pace_and_never_passes_the_limit_by_much()
    {
        const int Pages = 40_000;
        using var machine = Make(new DirtyLimits(), s_disk);
        var (_, limit) = machine.Cache.Dirty.Throttle!.Flusher.Thresholds;
        using var file = machine.Volume.Create("/f");
        var (most, begin, bytes) = (0L, machine.Clock.Now, new byte[P]);
        for (var page = 0; page < Pages; page++)
        {
            file.Write((long)page * P, bytes);
            most = Math.Max(most, machine.Cache.Dirty.Frames.Synced + machine.Cache.Dirty.InFlight);
        }

        var time = machine.Clock.Now - begin;
        Assert.InRange(most, limit / 2, limit + (limit / 32) + 16);
        Assert.InRange(time, (Pages - limit) * 10_000L, Pages * 12_000L);
        Assert.True(machine.DirtyPauses.Count > 100);
        Assert.InRange(machine.DirtyPauses.Nanoseconds, time / 2, time);
        Assert.Empty(Fsck.Check(machine));
    }

    [Fact]
    public void Stores_through_a_mapping_are_slowed_down_as_writes_are()
    {
        const int Pages = 8192;
        using var machine = Make(new DirtyLimits(), s_disk);
        using var file = machine.Volume.Create("/f");
        file.Truncate((long)Pages * P);
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var text = process.Memory.Map(file, 0, file.Size, Protection.ReadWrite, MappingKind.Shared);
        for (var page = 0; page < Pages; page++)
        {
            process.Memory.Store(text + ((long)page * P), [1]);
        }

        Assert.True(machine.DirtyPauses.Count > 10);
        Assert.True(machine.Cache.Dirty.Frames.Synced + machine.Cache.Dirty.InFlight <= machine.Cache.Dirty.Throttle!.Flusher.Thresholds.Limit + 64);
    }

    [Theory]
    [InlineData("linux")]
    [InlineData("mglru")]
    [InlineData("lru")]
    public void Memory_full_of_dirty_pages_is_reclaimed_when_they_have_been_written(string policy)
    {
        using var machine = Make(new DirtyLimits { BackgroundBytes = 2 * Frames * P, Bytes = 4 * Frames * P }, s_disk, policy);
        using var file = machine.Volume.Create("/f");
        for (var page = 0; page < 2 * Frames; page++)
        {
            file.Write((long)page * P, [1]);
        }

        Assert.InRange(machine.Cache.Resident, 1, Frames);
        Assert.Equal(policy == "linux", Counter(machine, "nr_vmscan_immediate_reclaim") > 0);
        Assert.Equal(policy == "linux", machine.Meter.Of(machine.FlusherAccount!.Value, WorkKind.StoreWrite) > 0);
        if (policy == "linux")
        {
            // Reclaim writes no page of a file itself: those that it wanted are looked at next when the flusher has written them.
            Assert.Equal(Counter(machine, "nr_written"), machine.Meter.Of(machine.FlusherAccount!.Value, WorkKind.StoreWrite));
            Assert.InRange(Counter(machine, "pgrotated"), Frames / 2, 3 * Frames);
        }

        Assert.Empty(Fsck.Check(machine));
    }

    [Fact]
    public void Where_the_disk_takes_nothing_the_error_says_so_and_the_flusher_tries_again_later()
    {
        var store = new WatchedPageStore(new DictionaryPageStore());
        using var machine = Make(new DirtyLimits(), store: store, policy: "linux", frames: 64);
        using var file = machine.Volume.Create("/f");
        store.BeforeWrite = block => throw new ReflinkException(Errno.ENOSPC, $"no room for {block}");
        Assert.Equal(64 * P, file.Write(0, new byte[100 * P]));
        Assert.Equal(Errno.ENOSPC, Assert.Throws<ReflinkException>(() => file.Write(64 * P, [1])).Error);
        machine.Wait(TimeSpan.FromSeconds(60));
        Assert.Equal(64, Counter(machine, "nr_dirty"));
        store.BeforeWrite = null;
        machine.Wait(TimeSpan.FromSeconds(10));
        Assert.Equal(0, Counter(machine, "nr_dirty"));
        Assert.Empty(Fsck.Check(machine));
    }

    [Fact]
    public void A_writer_is_not_kept_waiting_for_a_disk_that_takes_nothing()
    {
        var store = new WatchedPageStore(new DictionaryPageStore());
        using var machine = Make(new DirtyLimits(), s_disk, "linux", store, frames: 256);
        using var file = machine.Volume.Create("/f");
        store.BeforeWrite = block => throw new ReflinkException(Errno.ENOSPC, $"no room for {block}");
        var page = 0;
        var refused = Assert.Throws<ReflinkException>(() =>
        {
            for (; page < 400; page++)
            {
                file.Write(page * P, [1]);
            }
        });
        Assert.Equal((256, Errno.ENOSPC), (page, refused.Error));
        Assert.Empty(Fsck.Check(machine));
    }

    [Fact]
    public void What_could_not_be_written_is_tried_again_at_the_next_interval_and_not_as_if_it_were_new()
    {
        var store = new WatchedPageStore(new DictionaryPageStore());
        using var machine = Make(new DirtyLimits(), store: store);
        using var file = machine.Volume.Create("/f");
        file.Write(0, new byte[4 * P]);
        store.BeforeWrite = block => throw new ReflinkException(Errno.EIO, $"not {block}");
        machine.Wait(TimeSpan.FromSeconds(41));
        Assert.Equal(4, Counter(machine, "nr_dirty"));
        store.BeforeWrite = null;
        machine.Wait(TimeSpan.FromSeconds(6));
        Assert.Equal(0, Counter(machine, "nr_dirty"));
    }

    [Fact]
    public void Limits_are_read_and_set_through_control_files()
    {
        using var machine = Make(new DirtyLimits());
        string Read(string name) => machine.Control[$"/proc/sys/vm/{name}"];
        Assert.Equal(
            ("10", "20", "0", "0", "3000", "500"),
            (Read("dirty_background_ratio"), Read("dirty_ratio"), Read("dirty_background_bytes"), Read("dirty_bytes"), Read("dirty_expire_centisecs"), Read("dirty_writeback_centisecs")));
        machine.Control["/proc/sys/vm/dirty_bytes"] = "409600";
        Assert.Equal(("0", "409600"), (Read("dirty_ratio"), Read("dirty_bytes")));
        Assert.Equal(100, Counter(machine, "nr_dirty_threshold"));
        machine.Control["/proc/sys/vm/dirty_ratio"] = "50";
        Assert.Equal(("50", "0"), (Read("dirty_ratio"), Read("dirty_bytes")));
        Assert.Equal(Frames / 2, Counter(machine, "nr_dirty_threshold"));
        foreach (var (file, value) in ((string, string)[])[("dirty_ratio", "101"), ("dirty_bytes", "4096"), ("dirty_writeback_centisecs", "-1"), ("dirty_ratio", "half")])
        {
            Assert.Equal(Errno.EINVAL, Assert.Throws<ReflinkException>(() => machine.Control[$"/proc/sys/vm/{file}"] = value).Error);
        }

        using var without = new Machine();
        Assert.Throws<ReflinkException>(() => without.Control["/proc/sys/vm/dirty_ratio"]);
    }

    [Fact]
    public void What_the_flusher_does_takes_no_time_of_others()
    {
        using var machine = Make(new DirtyLimits { BackgroundBytes = P });
        using var file = machine.Volume.Create("/f");
        file.Write(0, new byte[1000 * P]);
        var (time, cost) = (machine.Clock.Now, new CostModel()[WorkKind.StoreWrite].Nanoseconds);
        machine.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(time + Second, machine.Clock.Now);
        Assert.Equal(1000 * cost, machine.TimeOf(machine.FlusherAccount!.Value));
    }

    private static Machine Make(DirtyLimits limits, DeviceModel? disk = null, string policy = "lru", WatchedPageStore? store = null, int frames = Frames) => new(new MachineOptions
    {
        Memory = (long)frames * P, Device = disk, Dirty = limits, Policy = policy, PageStore = store,
    });

    private static long Counter(Machine machine, string name) => VmStat.Of(machine).SingleOrDefault(c => c.Name == name).Value;
}
