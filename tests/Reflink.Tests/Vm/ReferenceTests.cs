using Reflink.Tests.Measuring;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Vm;

/// <summary>What replacement policies learn of loads and stores through mappings, and what stays in memory because of it.</summary>
public sealed class ReferenceTests
{
    private const int Frames = 1024;
    private const int FilePages = 4096;
    private const int Accesses = 60_000;

    [Theory]
    [InlineData("lru")]
    [InlineData("clock")]
    [InlineData("sieve")]
    [InlineData("s3fifo")]
    [InlineData("linux")]
    public void With_exact_references_loads_cost_as_many_reads_of_the_store_as_read_calls_do(string policy)
    {
        var (read, loaded) = (Play(policy, ReferenceTracking.Exact, mapped: false), Play(policy, ReferenceTracking.Exact, mapped: true));
        Assert.InRange(loaded, read * 0.97, read * 1.03);
    }

    [Theory]
    [InlineData("lru")]
    [InlineData("clock")]
    [InlineData("sieve")]
    [InlineData("linux")]
    [InlineData("mglru")]
    public void Harvested_accessed_bits_keep_hot_pages_better_than_first_in_first_out(string policy)
    {
        var fifo = Play("fifo", ReferenceTracking.Harvested, mapped: true);
        Assert.InRange(Play(policy, ReferenceTracking.Harvested, mapped: true), 1, fifo * 0.9);
    }

    [Fact]
    public void First_in_first_out_hears_of_loads_and_does_not_care() =>
        Assert.Equal(Play("fifo", ReferenceTracking.Exact, mapped: true), Play("fifo", ReferenceTracking.Harvested, mapped: true));

    [Theory]
    [InlineData("linux")]
    [InlineData("mglru")]
    public void Hot_anonymous_pages_beside_a_scan_of_a_file_are_faulted_in_once(string policy)
    {
        using var machine = MakeMachine(policy, ReferenceTracking.Harvested, swap: 64 << 20);
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var hot = process.Memory.MapAnonymous(8 * Page.Size, Protection.ReadWrite);
        using var file = machine.Volume.Open("/f", OpenFlags.Read);
        for (var page = 0; page < 8; page++)
        {
            process.Memory.Store(hot + (page * Page.Size), [1]);
        }

        var buffer = new byte[Page.Size];
        var before = process.MinorFaults + process.MajorFaults;
        for (var n = 0; n < 5 * FilePages; n++)
        {
            file.Read(n % FilePages * (long)Page.Size, buffer);
            Assert.Equal(1, process.Memory.Load<byte>(hot + (n % 8 * Page.Size)));
        }

        Assert.Equal(before, process.MinorFaults + process.MajorFaults);
        Fsck.Require(machine);
    }

    [Theory]
    [InlineData(Protection.Read, 1, false)]
    [InlineData(Protection.Read, 2, true)]
    [InlineData(Protection.Read | Protection.Execute, 1, true)]
    public void A_mapped_page_is_activated_by_two_entries_or_by_one_of_a_program(Protection protection, int processes, bool isActive)
    {
        using var machine = MakeMachine("linux", ReferenceTracking.Harvested);
        using var file = machine.Volume.Open("/f", OpenFlags.Read);
        for (var n = 0; n < processes; n++)
        {
            var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
            process.Memory.Load<byte>(process.Memory.Map(file, 0, Page.Size, protection));
        }

        // One scan spares the page, active or not; the second takes it from the inactive list.
        Scan(machine, 1, 2 * Frames);
        Assert.Equal(isActive, IsCached(machine, 0));
    }

    [Fact]
    public void A_page_that_was_used_counts_as_used_when_it_is_unmapped()
    {
        using var machine = MakeMachine("linux", ReferenceTracking.Harvested);
        using var file = machine.Volume.Open("/f", OpenFlags.Read);
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var at = process.Memory.Map(file, 0, 2 * Page.Size, Protection.Read);
        for (var n = 0; n < 2; n++)
        {
            process.Memory.Load<byte>(at);
            process.Memory.Load<byte>(at + Page.Size);
            process.Memory.Unmap(at, Page.Size);
            at = process.Memory.Map(file, 0, 2 * Page.Size, Protection.Read);
        }

        process.Exit();
        Scan(machine, 2, 2 * Frames);
        Assert.True(IsCached(machine, 0));
    }

    private static Machine MakeMachine(string policy, ReferenceTracking references, long swap = 0)
    {
        var machine = new Machine(new MachineOptions { Memory = (long)Frames * Page.Size, Policy = policy, References = references, Readahead = 0, Swap = swap });
        using (var file = machine.Volume.Open("/f", OpenFlags.Create | OpenFlags.ReadWrite))
        {
            for (var page = 0; page < FilePages; page++)
            {
                file.Write(page * (long)Page.Size, new byte[] { (byte)(page & 255), 1 });
            }
        }

        machine.Volume.Sync();
        machine.DropCaches();
        return machine;
    }

    private static long Play(string policy, ReferenceTracking references, bool mapped)
    {
        using var machine = MakeMachine(policy, references);
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        using var file = machine.Volume.Open("/f", OpenFlags.Read);
        var at = process.Memory.Map(file, 0, FilePages * (long)Page.Size, Protection.Read);
        var random = new Random(1);
        var before = machine.StoreCalls.Reads;
        Span<byte> one = stackalloc byte[1];
        for (var n = 0; n < Accesses; n++)
        {
            // Two thirds of the accesses go to a tenth of the pages.
            var page = random.Next(3) > 0 ? random.Next(FilePages / 10) : random.Next(FilePages);
            if (mapped)
            {
                one[0] = process.Memory.Load<byte>(at + (page * (long)Page.Size));
            }
            else
            {
                file.Read(page * (long)Page.Size, one);
            }

            Assert.Equal((byte)(page & 255), one[0]);
        }

        Fsck.Require(machine);
        return machine.StoreCalls.Reads - before;
    }

    private static void Scan(Machine machine, int first, int count)
    {
        using var file = machine.Volume.Open("/f", OpenFlags.Read);
        var buffer = new byte[Page.Size];
        for (var page = first; page < first + count; page++)
        {
            file.Read(page * (long)Page.Size, buffer);
        }
    }

    private static bool IsCached(Machine machine, long page)
    {
        var before = machine.StoreCalls.Reads;
        using var file = machine.Volume.Open("/f", OpenFlags.Read);
        file.Read(page * Page.Size, new byte[1]);
        return machine.StoreCalls.Reads == before;
    }
}
