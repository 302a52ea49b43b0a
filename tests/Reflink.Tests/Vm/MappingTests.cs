using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Vm;

/// <summary>Mappings are cut and joined as Linux does it.</summary>
public sealed class MappingTests : Machinery
{
    private const long Base = 0x4000_0000;

    [Fact]
    public void Protecting_the_middle_makes_three_mappings_and_protecting_it_back_one()
    {
        var at = Memory.Map(File, 0, 4 * Size, Protection.ReadWrite);
        Store(at + Size, 9);
        Memory.Protect(at + Size, 2 * Size, Protection.Read);
        Assert.Equal([1, 2, 1], Memory.Mappings.Select(m => m.Length));
        Assert.Equal([0, 1, 3], Memory.Mappings.Select(m => m.FilePage.Value));
        Fails(Errno.EFAULT, () => Store(at + Size, 8));
        Memory.Protect(at + Size, 2 * Size, Protection.ReadWrite);
        Assert.Equal([4], Memory.Mappings.Select(m => m.Length));
        Assert.Equal([1, 9, 3, 4], Enumerable.Range(0, 4).Select(p => (int)Load(at + (p * Size))));
    }

    [Fact]
    public void Unmapping_the_middle_leaves_both_ends_and_frees_its_private_pages()
    {
        var at = Memory.Map(File, 0, 3 * Size, Protection.ReadWrite);
        for (var page = 0; page < 3; page++)
        {
            Store(at + (page * Size), 9);
        }

        Memory.Unmap(at + Size, Size);
        Assert.Equal(2, Machine.Space.Live(BlockKind.Anonymous));
        Assert.Equal([1, 1], Memory.Mappings.Select(m => m.Length));
        Fails(Errno.EFAULT, () => Load(at + Size));
        Assert.Equal(9, Load(at + (2 * Size)));
    }

    [Fact]
    public void A_load_after_the_whole_mapping_was_unmapped_faults()
    {
        var at = Memory.Map(File, 0, Size, Protection.Read);
        Assert.Equal(1, Load(at));
        Memory.Unmap(at, Size);
        Fails(Errno.EFAULT, () => Load(at));
    }

    [Fact]
    public void An_anonymous_mapping_in_the_place_of_a_files_reads_zeroes_though_it_joins_its_neighbour()
    {
        Memory.MapAnonymous(Size, Protection.ReadWrite, address: Base);
        Memory.Map(File, 0, Size, Protection.ReadWrite, address: Base + Size);
        Assert.Equal(1, Load(Base + Size));
        Memory.Unmap(Base + Size, Size);
        Memory.MapAnonymous(Size, Protection.ReadWrite, address: Base + Size);
        Assert.Single(Memory.Mappings);
        Assert.Equal(0, Load(Base + Size));
    }

    [Fact]
    public void Neighbours_that_continue_each_other_are_one_mapping()
    {
        Memory.Map(File, 0, Size, Protection.Read, address: Base);
        Memory.Map(File, 2 * Size, Size, Protection.Read, address: Base + (2 * Size));
        Assert.Equal(2, Memory.Mappings.Count);
        Memory.Map(File, Size, Size, Protection.Read, address: Base + Size);
        Assert.Equal(3, Assert.Single(Memory.Mappings).Length);
        Memory.Map(File, 0, Size, Protection.Read, address: Base + (3 * Size));
        Assert.Equal(2, Memory.Mappings.Count);
    }

    [Fact]
    public void Anonymous_neighbours_are_one_mapping_and_shared_ones_are_not()
    {
        Memory.MapAnonymous(Size, Protection.ReadWrite, address: Base);
        Memory.MapAnonymous(Size, Protection.ReadWrite, address: Base + Size);
        Assert.Single(Memory.Mappings);
        Memory.MapAnonymous(Size, Protection.ReadWrite, MappingKind.Shared, address: Base + (2 * Size));
        Memory.MapAnonymous(Size, Protection.ReadWrite, MappingKind.Shared, address: Base + (3 * Size));
        Assert.Equal(3, Memory.Mappings.Count);
    }

    [Fact]
    public void A_store_across_two_mappings_goes_to_both()
    {
        Memory.MapAnonymous(Size, Protection.ReadWrite, address: Base);
        Memory.MapAnonymous(Size, Protection.ReadWrite, MappingKind.Shared, address: Base + Size);
        Memory.Store(Base + Size - 1, [1, 2]);
        Assert.Equal((1, 2), (Load(Base + Size - 1), Load(Base + Size)));
    }

    [Fact]
    public void Forking_does_not_cost_by_pages()
    {
        // 64 chunks of 512 entries; a copy of one would be 4 KiB.
        using var machine = new Machine(new MachineOptions { Memory = 256 << 20 });
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var at = process.Memory.MapAnonymous(64L * 512 * Size, Protection.ReadWrite);
        for (var page = 0; page < 64 * 512; page += 256)
        {
            process.Memory.Store(at + ((long)page * Size), [1]);
        }

        process.Fork();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var child = process.Fork();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024);
        Assert.Equal(1, Load(child, at));
        Assert.Equal(128, machine.Space.Live(BlockKind.Anonymous));
    }

    [Fact]
    public void A_write_to_a_page_of_explicit_zeroes_shows_in_every_mapping()
    {
        _ = File.Inode.Map.TryFindBlock(new PageIndex(1), out var old);
        Machine.Ledger.Replace(File.Inode, new PageIndex(1), BlockNumber.Zero, old);
        var at = Memory.Map(File, 0, 4 * Size, Protection.Read);
        Assert.Equal(0, Load(at + Size));

        File.Write(Size, [7]);
        Assert.Equal(7, Load(at + Size));
        Fsck.Require(Machine);
    }

    [Fact]
    public void A_mapping_costs_what_was_touched_in_it_not_its_length()
    {
        var at = Memory.MapAnonymous(1L << 46, Protection.ReadWrite);
        Store(at + (1L << 40), 9);
        Store(at + (1L << 45), 9);

        Assert.Equal(2 * Size, Machine.Smaps().Of(Process).Rss);
        Fsck.Require(Machine);
        Memory.Unmap(at, 1L << 46);
        Assert.Equal(0, Machine.Smaps().Of(Process).Rss);
        Fsck.Require(Machine);
    }
}
