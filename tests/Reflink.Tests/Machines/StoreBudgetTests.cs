namespace Reflink.Tests.Machines;

/// <summary>The store's memory, below and above the data: what FASTER reads from its files, and what the machine reads from the store.</summary>
public sealed class StoreBudgetTests
{
    private const int Pages = 4_000;

    [Theory]
    [InlineData(0)]
    [InlineData(128 << 10)]
    public void A_smaller_budget_moves_what_the_device_reads_and_nothing_else(long readahead)
    {
        var runs = ((long[])[32 << 20, 8 << 20, 4 << 20, 2 << 20, 1 << 20]).Select(m => Run(m, readahead)).ToArray();
        Assert.All(runs, r => Assert.Equal(runs[0].Machine, r.Machine));
        Assert.Equal(0, runs[0].DeviceReads);
        Assert.Equal(runs.Select(r => r.DeviceReads).Order().Distinct(), runs.Select(r => r.DeviceReads));

        // Nearly every page that the machine reads; a record is read in whole sectors.
        Assert.InRange(runs[^1].DeviceReads, runs[^1].Reads * Page.Size * 4 / 5, runs[^1].Reads * (Page.Size + 1024));
    }

    // Everything is written and dropped; then pages are read in turn, and others here and there.
    private static (string Machine, long Reads, long DeviceReads) Run(long budget, long readahead)
    {
        using var folder = new ScratchFolder();
        using var machine = new Machine(new MachineOptions
        {
            Memory = 1 << 20, Readahead = readahead, Store = new StoreOptions { Folder = folder.Path, Memory = budget },
        });
        using var file = machine.Volume.Create("/f");
        var bytes = new byte[Page.Size];
        for (var page = 0; page < Pages; page++)
        {
            BitConverter.TryWriteBytes(bytes, page + 1);
            file.Write((long)page * Page.Size, bytes);
        }

        machine.DropCaches();
        var before = machine.StoreDiagnostics.DeviceReads;
        var random = new Random(1);
        for (var n = 0; n < Pages; n++)
        {
            foreach (var page in (int[])[n, random.Next(Pages)])
            {
                file.Read((long)page * Page.Size, bytes);
                Assert.Equal(page + 1, BitConverter.ToInt32(bytes));
            }
        }

        return (machine.Snapshot().ToString(), machine.StoreCalls.Reads, machine.StoreDiagnostics.DeviceReads - before);
    }
}
