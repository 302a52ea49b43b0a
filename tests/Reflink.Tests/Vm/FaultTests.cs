using Reflink.Tests.Measuring;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Vm;

/// <summary>Faults are counted as Linux counts them.</summary>
public sealed class FaultTests : Machinery
{
    private const Protection Both = Protection.ReadWrite;

    [Fact]
    public void The_first_touch_of_a_page_in_memory_is_a_minor_fault_and_the_second_none()
    {
        var at = Memory.Map(File, 0, 2 * Size, Both);
        Assert.Equal((1, 0), Faults(() => Load(at)));
        Assert.Equal((0, 0), Faults(() => Load(at + 100)));
        Assert.Equal((1, 0), Faults(() => Load(at + Size)));
    }

    [Fact]
    public void A_page_that_must_be_read_is_a_major_fault()
    {
        var at = Memory.Map(File, 0, Size, Both);
        Machine.DropCaches();
        Assert.Equal((0, 1), Faults(() => Load(at)));
    }

    [Fact]
    public void Copying_on_write_is_a_minor_fault_after_that_of_reading()
    {
        var at = Memory.Map(File, 0, Size, Both);
        Load(at);
        Assert.Equal((1, 0), Faults(() => Store(at, 9)));
        Assert.Equal((0, 0), Faults(() => Store(at, 8)));
        Assert.Equal((0, 0), Faults(() => Load(at)));
    }

    [Fact]
    public void A_store_to_a_page_not_read_before_is_one_fault()
    {
        var at = Memory.MapAnonymous(Size, Both);
        Assert.Equal((1, 0), Faults(() => Store(at, 9)));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void A_load_from_memory_never_written_allocates_only_on_a_machine_without_a_page_of_zeroes(bool mapsZeroPage, int pages)
    {
        using var machine = new Machine(new MachineOptions { Memory = 1 << 20, MapsZeroPage = mapsZeroPage });
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var at = process.Memory.MapAnonymous(2 * Size, Both);
        Assert.Equal(0, Load(process, at));
        Assert.Equal((pages, 1), (machine.Space.Live(BlockKind.Anonymous), process.MinorFaults));
        process.Memory.Store(at, [9]);
        Assert.Equal((1, 2 - pages), (machine.Space.Live(BlockKind.Anonymous), process.MinorFaults));
        Fsck.Require(machine);
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(4, 5)]
    [InlineData(16, 1)]
    public void Pages_in_memory_around_one_that_faults_are_mapped_with_it(int pages, int faults)
    {
        using var machine = new Machine(new MachineOptions { Memory = 1 << 20, FaultAround = pages * Size });
        using var file = machine.Volume.Create("/f");
        file.Write(0, new byte[16 * Size]);
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var at = process.Memory.Map(file, 0, 16 * Size, Protection.Read);

        // The mapping begins one page before an aligned window of four or sixteen, so the first window is as long as ever but begins there.
        Assert.Equal(15, at / Size % 16);
        for (var page = 0; page < 16; page++)
        {
            Assert.Equal(0, Load(process, at + (page * Size)));
        }

        Assert.Equal((faults, 0), (process.MinorFaults, process.MajorFaults));
        Fsck.Require(machine);
    }

    [Fact]
    public void Pages_around_that_are_not_in_memory_or_have_a_private_copy_are_not_mapped_with_it()
    {
        using var machine = new Machine(new MachineOptions { Memory = 1 << 20, FaultAround = 16 * Size, Readahead = 0 });
        using var file = machine.Volume.Create("/f");
        file.Write(0, new byte[16 * Size]);
        machine.Volume.Sync();
        machine.DropCaches();
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var at = process.Memory.Map(file, 0, 16 * Size, Protection.ReadWrite);
        process.Memory.Store(at + Size, [9]);
        Assert.Equal((0, 0), (Load(process, at), Load(process, at + (2 * Size))));
        Assert.Equal(9, Load(process, at + Size));
        Assert.Equal((0, 3), (process.MinorFaults, process.MajorFaults));
        Fsck.Require(machine);
    }

    [Fact]
    public void Coming_back_from_swap_is_a_major_fault()
    {
        var at = Memory.MapAnonymous(Size, Both);
        Store(at, 9);
        EvictAll();
        Assert.Equal(1, Machine.Cache.SwapPages.Used);
        Assert.Equal((0, 1), Faults(() => Assert.Equal(9, Load(at))));
    }

    [Fact]
    public void A_page_that_came_back_from_swap_leaves_again_without_a_write_unless_it_was_stored_to()
    {
        var at = Memory.MapAnonymous(Size, Both);
        Store(at, 9);
        EvictAll();
        Load(at);
        Assert.Equal(1, Machine.Cache.SwapPages.Used);
        var writes = Machine.StoreCalls.Writes;
        EvictAll();
        Assert.Equal(writes, Machine.StoreCalls.Writes);
        Assert.Equal(9, Load(at));
        Store(at, 8);
        Assert.Equal(0, Machine.Cache.SwapPages.Used);
        EvictAll();
        Assert.Equal((8, writes + 1), (Load(at), Machine.StoreCalls.Writes));
        Fsck.Require(Machine);
    }

    [Fact]
    public void Where_swap_is_more_than_half_full_a_page_that_comes_back_leaves_it()
    {
        var at = Memory.MapAnonymous(40 * Size, Both);
        for (var page = 0; page < 40; page++)
        {
            Store(at + (page * Size), 9);
        }

        EvictAll();
        Assert.Equal(40, Machine.Cache.SwapPages.Used);
        for (var page = 0; page < 40; page++)
        {
            Load(at + (page * Size));
        }

        Assert.Equal(32, Machine.Cache.SwapPages.Used);
        Fsck.Require(Machine);
    }

    [Fact]
    public void An_entry_that_died_of_anothers_doing_and_leads_to_the_same_frame_is_no_fault()
    {
        var at = Memory.Map(File, 0, Size, Both);
        Load(at);
        var sibling = Machine.Volume.Clone("/f", "/g");
        using (var clone = Machine.Volume.Open("/g", OpenFlags.ReadWrite))
        {
            clone.Write(0, [7]);
        }

        Assert.NotEqual(sibling, File.Inode);
        Assert.Equal((0, 0), Faults(() => Assert.Equal(1, Load(at))));
    }

    [Fact]
    public void A_load_that_looks_again_does_not_take_the_right_to_store_away()
    {
        var at = Memory.Map(File, 0, 4 * Size, Both, MappingKind.Shared);
        Store(at, 9);
        File.PunchHole(2 * Size, 2 * Size);
        Assert.Equal((0, 0), Faults(() => Assert.Equal(9, Load(at))));
        Assert.Equal((0, 0), Faults(() => Store(at, 8)));

        // But not beyond a clone: whoever shares the page since then must not see the store.
        Machine.Volume.Clone("/f", "/g");
        File.PunchHole(2 * Size, 2 * Size);
        Load(at);
        Assert.Equal((1, 0), Faults(() => Store(at, 7)));
        using var clone = Machine.Volume.Open("/g");
        var one = new byte[1];
        clone.Read(0, one);
        Assert.Equal(8, one[0]);
    }

    [Fact]
    public void The_first_store_after_write_back_is_a_fault()
    {
        var at = Memory.Map(File, 0, Size, Both, MappingKind.Shared);
        Store(at, 9);
        Assert.Equal((0, 0), Faults(() => Store(at, 8)));
        Machine.Cache.Dirty.CleanAll();
        Assert.Equal((1, 0), Faults(() => Store(at, 7)));
        Assert.Equal((0, 0), Faults(() => Store(at, 6)));
    }

    [Fact]
    public void The_parents_first_store_after_a_fork_is_a_fault_and_the_childs_first_load_none()
    {
        var at = Memory.MapAnonymous(Size, Both);
        Store(at, 9);
        var child = Process.Fork();
        Assert.Equal(9, Load(child, at));
        Assert.Equal((0, 0), (child.MinorFaults, child.MajorFaults));
        Assert.Equal((1, 0), Faults(() => Store(at, 8)));
        Assert.Equal(9, Load(child, at));
    }

    [Fact]
    public void Loads_and_stores_that_do_not_fault_allocate_nothing()
    {
        var at = Memory.MapAnonymous(4 * Size, Both);
        var bytes = new byte[8];
        for (var page = 0; page < 4; page++)
        {
            Memory.Store(at + (page * Size), bytes);
        }

        Allocations.AssertNone(10_000, i =>
        {
            Memory.Load(at + (i % 4 * Size), bytes);
            Memory.Store(at + (i % 4 * Size) + 8, bytes);
        });
    }
}
