using Reflink.Tests.Files;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Vm;

/// <summary>Who is ended when no memory can be reclaimed, and what is left of it (mm/oom_kill.c).</summary>
public sealed class OutOfMemoryTests : IDisposable
{
    private const int P = Page.Size;
    private Machine _machine = null!;

    public void Dispose() => _machine?.Dispose();

    [Fact]
    public void The_process_that_holds_the_most_is_ended_and_who_needs_memory_goes_on()
    {
        var (big, small) = (Start("big", 40), Spawn("small", 10));
        var heap = Grow(small, 30);
        Assert.Equal((true, false, 1), (big.IsKilled, small.IsKilled, Counter("oom_kill")));
        Assert.Equal(30, small.Memory.Load<byte>(heap + (29 * P)));
        Assert.Equal((false, 40), (big.IsAlive, Counter("nr_anon_pages")));
        Fsck.Require(_machine);

        var gone = Assert.Throws<ReflinkException>(() => big.Memory.MapAnonymous(P, Protection.ReadWrite));
        Assert.Equal(Errno.ESRCH, gone.Error);
        Assert.Contains("killed because memory ran out", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mappings_without_a_page_of_their_own_count_as_nothing_and_do_not_stand_in_the_way()
    {
        var (big, small) = (Start("big", 40), Spawn("small", 10));
        using var file = _machine.Volume.Create("/f");
        file.Truncate(4 * P);
        foreach (var process in (Process[])[big, small])
        {
            _ = process.Memory.MapAnonymous(64 * P, Protection.ReadWrite);
            _ = process.Memory.Map(file, 0, 4 * P, Protection.Read);
            _ = process.Memory.Map(file, 0, 4 * P, Protection.Read, MappingKind.Shared);
        }

        Assert.InRange(int.Parse(_machine.Control[$"/proc/{small.Id}/oom_score"], System.Globalization.CultureInfo.InvariantCulture), 1, 2000);
        Grow(small, 30);
        Assert.Equal((true, false), (big.IsKilled, small.IsKilled));
        Fsck.Require(_machine);
    }

    [Fact]
    public void A_process_that_was_killed_can_neither_load_nor_store_before_it_has_ended()
    {
        var big = Start("big", 40);
        var text = big.Memory.MapAnonymous(P, Protection.ReadWrite);
        big.Memory.Store(text, [7]);
        Assert.Equal(7, big.Memory.Load<byte>(text));
        var locked = FillCache();
        Assert.Equal((true, true), (big.IsKilled, big.IsAlive));
        Fsck.Require(_machine);

        Assert.Equal(Errno.ESRCH, Errors.Of(() => big.Memory.Load<byte>(text)));
        Assert.False(big.IsAlive);
        Assert.Equal(Errno.ESRCH, Errors.Of(() => big.Memory.Store(text, [1])));
        Assert.Equal(locked, _machine.Space.Live(BlockKind.Anonymous));
        Fsck.Require(_machine);
    }

    [Fact]
    public void A_process_that_is_ended_by_its_own_call_is_told_so()
    {
        var (small, big) = (Start("small", 10), Spawn("big", 20));
        var killed = Assert.Throws<ReflinkException>(() => Grow(big, 60));
        Assert.Equal(Errno.ENOMEM, killed.Error);
        Assert.Contains("process 2 (big) was killed", killed.Message, StringComparison.Ordinal);
        Grow(small, 40);
        Assert.Equal((false, 1, 50), (big.IsAlive, Counter("oom_kill"), Counter("nr_anon_pages")));
        Fsck.Require(_machine);
    }

    [Fact]
    public void Adjustments_decide_beside_size_and_children_inherit_them()
    {
        var (big, small) = (Start("big", 40), Spawn("small", 10));
        big.OutOfMemoryAdjustment = -1000;
        _machine.Control["/proc/2/oom_score_adj"] = "500";
        Assert.Equal(("0", "-1000"), (_machine.Control["/proc/1/oom_score"], _machine.Control["/proc/1/oom_score_adj"]));
        var child = small.Fork();
        Assert.Equal(500, child.OutOfMemoryAdjustment);
        child.Exit();
        var other = Spawn("other", 0);
        Grow(other, 20);
        Assert.False(big.IsKilled);
        Assert.False(other.IsKilled);
        Assert.True(small.IsKilled);

        Assert.Equal(Errno.EINVAL, Errors.Of(() => big.OutOfMemoryAdjustment = 1001));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => _machine.Control["/proc/1/oom_score_adj"] = "much"));
    }

    [Fact]
    public void Badness_counts_pages_in_memory_and_in_swap_and_page_tables()
    {
        // 20 pages, one page table and the two levels above it, of 64 pages of memory and 36 of swap.
        var process = Start("p", 20, swap: 36);
        Assert.Equal("820", _machine.Control["/proc/1/oom_score"]);
        process.Madvise(process.Memory.Mappings[0].Start.Address, 8 * P, Advice.PageOut);
        Assert.Equal(8, Counter("pswpout"));
        Assert.Equal("820", _machine.Control["/proc/1/oom_score"]);
    }

    [Fact]
    public void Swap_of_a_process_that_is_ended_is_free_at_once()
    {
        var (big, small) = (Start("big", 70, swap: 20), Spawn("small", 10));
        Assert.Equal((20, true), (_machine.Cache.SwapPages.Used + 4, _machine.Cache.SwapPages.Used > 0));
        Grow(small, 40);
        Assert.True(big.IsKilled);
        Assert.Equal(50, Counter("nr_anon_pages") + _machine.Cache.SwapPages.Used);
        Fsck.Require(_machine);
    }

    [Fact]
    public void Memory_that_is_shared_with_a_child_is_free_when_both_have_ended()
    {
        var parent = Start("parent", 50);
        var child = parent.Fork();
        var small = Spawn("small", 0);
        var heap = small.Memory.MapAnonymous(40 * P, Protection.ReadWrite);
        for (var page = 0; page < 40; page++)
        {
            try
            {
                small.Memory.Store(heap + (page * P), [1]);
            }
            catch (ReflinkException e) when (e.Error == Errno.ENOMEM && e.Message.Contains("call again", StringComparison.Ordinal))
            {
                page--;
            }
        }

        Assert.Equal((true, true, false, 2), (parent.IsKilled, child.IsKilled, small.IsKilled, Counter("oom_kill")));
        Assert.Equal(40, Counter("nr_anon_pages"));
        Fsck.Require(_machine);
    }

    [Fact]
    public void A_machine_refuses_and_ends_nobody_if_nothing_is_said()
    {
        var process = Start("p", 10, killer: OutOfMemory.Refuse);
        Assert.Equal(Errno.ENOMEM, Errors.Of(() => Grow(process, 60)));
        Assert.Equal((true, false, 0), (process.IsAlive, process.IsKilled, Counter("oom_kill")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_processes_do_when_memory_runs_out_the_machine_stays_consistent_and_the_living_keep_their_bytes(int seed)
    {
        var dice = new Random(seed);
        _machine = new Machine(new MachineOptions { Memory = 64 * P, Swap = seed % 2 * 16 * P, Policy = "linux", OutOfMemory = OutOfMemory.Kill });
        var heaps = new List<(Process Process, long Heap, byte[] Bytes)>();
        for (var step = 0; step < 400; step++)
        {
            heaps.RemoveAll(heap => heap.Process.IsKilled || !heap.Process.IsAlive);
            try
            {
                Step(dice, heaps);
            }
            catch (ReflinkException e) when (e.Error is Errno.ENOMEM or Errno.ESRCH)
            {
                heaps.RemoveAll(heap => heap.Process.IsKilled);
            }

            Fsck.Require(_machine);
        }

        Assert.InRange(Counter("oom_kill"), 5, 400);
    }

    private void Step(Random dice, List<(Process Process, long Heap, byte[] Bytes)> heaps)
    {
        if (heaps.Count < 4)
        {
            var process = _machine.Processes.Spawn(_machine.Processes.User(0), "p");
            heaps.Add((process, process.Memory.MapAnonymous(30 * P, Protection.ReadWrite), new byte[30]));
        }

        var (at, page) = (heaps[dice.Next(heaps.Count)], dice.Next(30));
        switch (dice.Next(16))
        {
            case 0:
                heaps.Add((at.Process.Fork(), at.Heap, [.. at.Bytes]));
                break;
            case 1:
                at.Process.Madvise(at.Heap, 30 * P, Advice.Merge);
                break;
            case 2:
                _machine.Wait(TimeSpan.FromSeconds(1));
                break;
            case < 8:
                Assert.Equal(at.Bytes[page], at.Process.Memory.Load<byte>(at.Heap + (page * P)));
                break;
            default:
                var value = (byte)dice.Next(1, 4);
                at.Process.Memory.Store(at.Heap + (page * P), [value]);
                at.Bytes[page] = value;
                break;
        }
    }

    private Process Start(string name, int pages, int swap = 0, OutOfMemory killer = OutOfMemory.Kill)
    {
        _machine = new Machine(new MachineOptions { Memory = 64 * P, Swap = swap * P, OutOfMemory = killer });
        return Spawn(name, pages);
    }

    private Process Spawn(string name, int pages)
    {
        var process = _machine.Processes.Spawn(_machine.Processes.User(0), name);
        if (pages > 0)
        {
            Grow(process, pages);
        }

        return process;
    }

    // Every page holds its number, plus 1.
    private static long Grow(Process process, int pages)
    {
        var heap = process.Memory.MapAnonymous(pages * P, Protection.ReadWrite);
        for (var page = 0; page < pages; page++)
        {
            process.Memory.Store(heap + (page * P), [(byte)(page + 1)]);
        }

        return heap;
    }

    // Locks what is left of memory and says how many pages that is, then writes a file.
    private int FillCache()
    {
        using var file = _machine.Volume.Create("/f");
        var locker = Spawn("locker", 0);
        var rest = _machine.Cache.FrameCount - _machine.Cache.Resident;
        var heap = locker.Memory.MapAnonymous(rest * P, Protection.ReadWrite);
        locker.Memory.Lock(heap, rest * P);
        file.Write(0, new byte[P]);
        return rest;
    }

    private long Counter(string name) => long.Parse(_machine.Control["/proc/vmstat"].Split('\n').Single(line => line.StartsWith($"{name} ", StringComparison.Ordinal))[(name.Length + 1)..]);
}
