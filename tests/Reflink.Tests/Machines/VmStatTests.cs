using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Machines;

/// <summary>The counters of /proc/vmstat, each counted by hand in a machine of a few pages.</summary>
public sealed class VmStatTests
{
    private const int P = Page.Size;

    [Fact]
    public void Pages_of_files_are_counted_as_they_are_written_saved_dropped_and_read()
    {
        using var machine = Make(64, "fifo");
        Write(machine, 4);
        Expect(machine, ("nr_free_pages", 60), ("nr_file_pages", 4), ("nr_anon_pages", 0), ("nr_dirty", 4), ("nr_dirtied", 4), ("nr_written", 0), ("pgpgout", 0));

        machine.DropCaches();
        Expect(machine, ("nr_free_pages", 64), ("nr_file_pages", 0), ("nr_dirty", 0), ("nr_dirtied", 4), ("nr_written", 4), ("pgpgout", 16), ("drop_pagecache", 1));

        Read(machine, 2, 1);
        Expect(machine, ("nr_file_pages", 1), ("pgpgin", 4), ("nr_dirty", 0), ("pgsteal_file", 0), ("pgscan_file", 0));
    }

    [Fact]
    public void Faults_and_mapped_pages_are_counted()
    {
        using var machine = Make(64, "fifo");
        Write(machine, 4);
        machine.DropCaches();
        Read(machine, 0, 1);
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        using var file = machine.Volume.Open("/f");
        var text = process.Memory.Map(file, 0, 4 * P, Protection.ReadWrite);
        _ = process.Memory.Load<byte>(text) + process.Memory.Load<byte>(text + P);
        Expect(machine, ("pgfault", 2), ("pgmajfault", 1), ("nr_mapped", 2), ("nr_file_pages", 2));

        // The copy is anonymous, and the page of the file is no longer mapped.
        process.Memory.Store(text, [1]);
        Expect(machine, ("pgfault", 3), ("pgmajfault", 1), ("nr_mapped", 1), ("nr_file_pages", 2), ("nr_anon_pages", 1), ("nr_dirty", 0), ("nr_dirtied", 4));
    }

    [Fact]
    public void Pages_that_go_to_swap_and_come_back_are_counted()
    {
        using var machine = Make(16, "fifo");
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var heap = process.Memory.MapAnonymous(20 * P, Protection.ReadWrite);
        for (var page = 0; page < 20; page++)
        {
            process.Memory.Store(heap + (page * P), [1]);
        }

        Expect(
            machine, ("nr_anon_pages", 16), ("nr_free_pages", 0), ("pswpout", 4), ("pswpin", 0), ("pgscan_anon", 4), ("pgsteal_anon", 4), ("pgscan_direct", 4),
            ("pgsteal_direct", 4), ("pgsteal_file", 0), ("nr_written", 4), ("pgpgout", 16), ("pgfault", 20), ("pgmajfault", 0), ("nr_dirty", 0), ("nr_dirtied", 0));

        _ = process.Memory.Load<byte>(heap);
        Expect(machine, ("pswpin", 1), ("pswpout", 5), ("pgpgin", 4), ("pgfault", 21), ("pgmajfault", 1), ("pgsteal_anon", 5), ("nr_swapcached", 1));

        // A store gives the place in swap up.
        process.Memory.Store(heap, [2]);
        Expect(machine, ("pswpin", 1), ("pswpout", 5), ("nr_swapcached", 0));
    }

    // New pages wait in a batch of 31, and so do pages that are to become active (mm/swap.c).
    [Fact]
    public void Lists_of_linux_are_counted_and_pages_that_wait_in_a_batch_are_on_none()
    {
        using var machine = Make(64, "linux");
        Write(machine, 40);
        machine.DropCaches();
        Read(machine, 0, 40);
        Expect(machine, ("nr_inactive_file", 31), ("nr_active_file", 0), ("nr_file_pages", 40), ("pgactivate", 0));

        Read(machine, 0, 30);
        Expect(machine, ("nr_inactive_file", 31), ("nr_active_file", 0), ("pgactivate", 0));

        Read(machine, 30, 1);
        Expect(machine, ("nr_inactive_file", 0), ("nr_active_file", 31), ("pgactivate", 31));
        Assert.Empty(Fsck.Check(machine));
    }

    // All pages were used since they came in, so each is looked at once before the first one leaves.
    [Theory]
    [InlineData(32)]
    [InlineData(60)]
    [InlineData(500)]
    public void Linux_finds_a_page_to_swap_out_among_pages_that_were_all_used(int frames)
    {
        using var machine = Make(frames, "linux");
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var heap = process.Memory.MapAnonymous((frames + 50) * P, Protection.ReadWrite);
        for (var page = 0; page < frames + 50; page++)
        {
            process.Memory.Store(heap + (page * P), [1]);
        }

        Expect(machine, ("pgsteal_file", 0), ("pgscan_file", 0));
        Assert.InRange(VmStat(machine)["pgsteal_anon"], 50, 100);
        Assert.InRange(VmStat(machine)["pgscan_anon"], frames, 100 * frames);
    }

    [Fact]
    public void A_page_of_a_file_that_comes_back_is_a_refault()
    {
        using var machine = Make(64, "linux");
        Write(machine, 80);
        machine.DropCaches();
        var before = VmStat(machine);
        Read(machine, 0, 80);
        var after = VmStat(machine);
        Assert.Equal(16, after["pgscan_file"] - before["pgscan_file"]);
        Assert.Equal(16, after["pgsteal_file"] - before["pgsteal_file"]);
        Assert.Equal(63, after["nr_inactive_file"]);

        Read(machine, 0, 1);
        Assert.Equal(1, VmStat(machine)["workingset_refault_file"] - after["workingset_refault_file"]);
        Assert.Equal(after["workingset_activate_file"], VmStat(machine)["workingset_activate_file"]);
        Assert.Empty(Fsck.Check(machine));
    }

    [Fact]
    public void A_policy_without_lists_leaves_their_counters_out()
    {
        using var machine = Make(16, "fifo");
        Assert.DoesNotContain("nr_active_file", VmStat(machine).Keys);
        Assert.DoesNotContain("Active:", machine.Control["/proc/meminfo"], StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Counters_stand_in_the_order_of_the_running_kernel()
    {
        Skip.IfNot(File.Exists("/proc/vmstat"), "this computer has no /proc/vmstat to compare with");
        using var machine = Make(64, "linux");
        var live = File.ReadLines("/proc/vmstat").Select(line => line.Split(' ')[0]).ToList();
        var ours = VmStat(machine).Keys.Intersect(live).ToList();
        Assert.Equal(live.Intersect(ours), ours);
        Assert.True(ours.Count > 25, $"the kernel has only {string.Join(' ', ours)}");
    }

    [Fact]
    public void Memory_is_told_as_in_meminfo()
    {
        using var machine = Make(64, "linux");
        Write(machine, 40);
        machine.DropCaches();
        Read(machine, 0, 35);
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        process.Memory.Store(process.Memory.MapAnonymous(P, Protection.ReadWrite), [1]);
        Assert.Equal(
            """
            MemTotal:            256 kB
            MemFree:             112 kB
            Cached:              140 kB
            SwapCached:            0 kB
            Active:                0 kB
            Inactive:            124 kB
            Active(anon):          0 kB
            Inactive(anon):        0 kB
            Active(file):          0 kB
            Inactive(file):      124 kB
            Unevictable:           0 kB
            Mlocked:               0 kB
            SwapTotal:           256 kB
            SwapFree:            256 kB
            Dirty:                 0 kB
            Writeback:             0 kB
            AnonPages:             4 kB
            Mapped:                0 kB
            """.ReplaceLineEndings("\n"), machine.Control["/proc/meminfo"]);
    }

    [Fact]
    public void Writing_1_to_drop_caches_drops_clean_pages_and_writes_none()
    {
        using var machine = Make(64, "fifo");
        Write(machine, 4);
        machine.DropCaches();
        Read(machine, 0, 2);
        using (var file = machine.Volume.Open("/f", OpenFlags.ReadWrite))
        {
            file.Write(0, [1]);
        }

        machine.Control["/proc/sys/vm/drop_caches"] = "1";
        Expect(machine, ("nr_file_pages", 1), ("nr_dirty", 1), ("nr_written", 4), ("drop_pagecache", 2), ("drop_slab", 0));
    }

    [Fact]
    public void Generations_are_said_to_be_enabled_where_the_policy_has_them_and_nowhere_else()
    {
        const string Enabled = "/sys/kernel/mm/lru_gen/enabled";
        using var machine = Make(64, "mglru");
        Assert.Equal("0x0007", machine.Control[Enabled]);
        Assert.Throws<ReflinkException>(() => machine.Control[Enabled] = "0");
        using var other = Make(64, "linux");
        Assert.Equal(Errno.ENOENT, Assert.Throws<ReflinkException>(() => other.Control[Enabled]).Error);
    }

    [Fact]
    public void Swappiness_is_read_and_set_where_the_policy_has_it()
    {
        using var machine = Make(64, "linux");
        Assert.Equal("60", machine.Control["/proc/sys/vm/swappiness"]);
        machine.Control["/proc/sys/vm/swappiness"] = "10";
        Assert.Equal("10", machine.Control["/proc/sys/vm/swappiness"]);
        foreach (var wrong in (string[])["201", "-1", "much"])
        {
            Assert.Equal(Errno.EINVAL, Assert.Throws<ReflinkException>(() => machine.Control["/proc/sys/vm/swappiness"] = wrong).Error);
        }

        using var other = Make(64, "fifo");
        Assert.Equal(Errno.ENOENT, Assert.Throws<ReflinkException>(() => other.Control["/proc/sys/vm/swappiness"]).Error);
    }

    [Fact]
    public void Writing_2_to_drop_caches_drops_derived_files_that_nobody_uses()
    {
        using var machine = Make(64, "fifo");
        Write(machine, 4);
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        using var file = machine.Volume.Open("/f");
        machine.TextPoke.Apply(process, process.Memory.Map(file, 0, 4 * P, Protection.ReadExecute), new PatchSetBuilder().Add(0, [1], [2]).Build());
        process.Exit();
        Assert.Single(machine.Derived.All);

        machine.Control["/proc/sys/vm/drop_caches"] = "2";
        Assert.Empty(machine.Derived.All);
        Expect(machine, ("nr_file_pages", 4), ("drop_pagecache", 0), ("drop_slab", 1));
        var refused = Assert.Throws<ReflinkException>(() => machine.Control["/proc/sys/vm/drop_caches"] = "7");
        Assert.Equal(Errno.EINVAL, refused.Error);
    }

    private static Machine Make(int frames, string policy) =>
        new(new MachineOptions { Memory = frames * P, Swap = 64 * P, Policy = policy, Readahead = 0 });

    // Every page holds its number, plus 1.
    private static void Write(Machine machine, int pages)
    {
        using var file = machine.Volume.Create("/f");
        file.Write(0, [.. Enumerable.Range(0, pages * P).Select(n => (byte)((n / P) + 1))]);
    }

    private static void Read(Machine machine, int first, int count)
    {
        using var file = machine.Volume.Open("/f");
        for (var page = first; page < first + count; page++)
        {
            Assert.Equal(1, file.Read((long)page * P, new byte[1]));
        }
    }

    private static OrderedDictionary<string, long> VmStat(Machine machine) => new(machine.Control["/proc/vmstat"].Split('\n')
        .Select(line => line.Split(' ')).Select(words => KeyValuePair.Create(words[0], long.Parse(words[1]))));

    private static void Expect(Machine machine, params (string Name, long Value)[] counters)
    {
        var all = VmStat(machine);
        Assert.Equal(counters, counters.Select(c => (c.Name, all[c.Name])));
        Assert.Empty(Fsck.Check(machine));
    }
}
