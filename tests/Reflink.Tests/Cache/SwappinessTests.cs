using Reflink.Cache.Policies;
using Reflink.Cache.Policies.Linux;
using Reflink.Cache.Simulation;
using Reflink.Tests.Measuring;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Cache;

/// <summary>How Linux shares the pressure between anonymous pages and pages of files, from mm/vmscan.c and mm/swap.c.</summary>
public sealed class SwappinessTests
{
    private const int Frames = 1024;

    [Theory]
    [InlineData(60, 0, 0, 60, 140)]
    [InlineData(100, 0, 0, 100, 100)]
    [InlineData(60, 1000, 0, 60 * 3001 / 2001, 140 * 3001 / 1001)]
    [InlineData(60, 0, 1000, 60 * 3001 / 1001, 140 * 3001 / 2001)]
    [InlineData(200, 10, 10, 200 * 61 / 31, 0)]
    public void The_shares_are_those_of_the_kernel_s_formula(int swappiness, int anonymous, int file, long anonymousShare, long fileShare)
    {
        var costs = new ReclaimCosts();
        costs.Note(FolioKind.Anonymous, 0, anonymous, listed: 1 << 20);
        costs.Note(FolioKind.File, 0, file, listed: 1 << 20);
        Assert.Equal((anonymousShare, fileShare), costs.Shares(swappiness));
    }

    [Fact]
    public void Costs_fade_when_they_exceed_a_quarter_of_all_listed_pages()
    {
        var costs = new ReclaimCosts();
        costs.Note(FolioKind.Anonymous, transfers: 3, rotations: 4, listed: 396);
        Assert.Equal((50L * 151 / 101, 150L * 151 / 51), (costs.Shares(50).Anonymous, costs.Shares(50).File));
    }

    [Fact]
    public void When_enough_was_evicted_the_larger_list_is_looked_at_until_both_had_the_same_part()
    {
        var budget = default(ScanBudget);
        budget.Set(LruLists.Inactive(FolioKind.Anonymous), 100);
        budget.Set(LruLists.Inactive(FolioKind.File), 1000);
        Assert.Equal((32, 32), (budget.Take(LruLists.Inactive(FolioKind.Anonymous), 32), budget.Take(LruLists.Inactive(FolioKind.File), 32)));
        Assert.True(budget.Rebalance());

        // 68 of 101 are left of the smaller one, 67 %; so 33 % of 1,000 are wanted, less the 32 that were looked at.
        Assert.Equal((0, 298), (budget[LruLists.Inactive(FolioKind.Anonymous)], budget[LruLists.Inactive(FolioKind.File)]));
        Assert.False(budget.Rebalance());
    }

    [Fact]
    public void More_swappiness_swaps_more_and_reads_fewer_pages_of_files_again()
    {
        var runs = new[] { 0, 60, 100, 200 }.Select(Mix).ToList();
        Assert.Equal(0, runs[0].Swapped);
        Assert.Equal(runs.Select(r => r.Swapped).Order(), runs.Select(r => r.Swapped));
        Assert.True(runs[^1].Swapped > runs[1].Swapped);
    }

    [Fact]
    public void A_simulation_weighs_anonymous_pages_against_a_file_where_it_is_told_which_they_are()
    {
        Assert.Equal(1.0, RereadPages(10, anonymous: null) / (double)RereadPages(200, anonymous: null));
        Assert.InRange(RereadPages(200, anonymous: 1), 0, RereadPages(10, anonymous: 1) / 3);
    }

    [Fact]
    public void A_swappiness_above_200_is_refused_with_the_range()
    {
        var refused = Assert.Throws<ReflinkException>(() => new Machine(new MachineOptions { Swappiness = 201 }));
        Assert.Contains("0 (anonymous pages stay) to 200", refused.Message, StringComparison.Ordinal);
    }

    // A file of half the memory is read again and again beside stores to ever new pages.
    private static long RereadPages(int swappiness, int? anonymous)
    {
        var policy = new LinuxPolicy(Frames, new LinuxOptions { FlushInterval = 1, BasePages = 0, Swappiness = swappiness });
        var cache = CacheSimulation.Of(policy, Frames);
        cache.Anonymous = anonymous;
        for (var n = 0; n < 4 * Frames; n++)
        {
            cache.Access(new PageAccess(PageKey.Of(0, new PageIndex(n % (Frames / 2))), AccessKind.Read));
            cache.Access(new PageAccess(PageKey.Of(1, new PageIndex(n)), AccessKind.Store));
        }

        return cache.Counts.Misses - (4 * Frames) - (Frames / 2);
    }

    // Half of memory is anonymous and used now and then, beside a file of twice the memory that is read at random.
    private static (long Swapped, long Reads) Mix(int swappiness)
    {
        using var machine = new Machine(new MachineOptions
        {
            Memory = (long)Frames * Page.Size, Swap = 64 << 20, Policy = "linux", Readahead = 0, Swappiness = swappiness,
        });
        using var file = machine.Volume.Create("/f");
        file.Write(0, new byte[2 * Frames * Page.Size]);
        machine.Volume.Sync();
        machine.DropCaches();
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var heap = process.Memory.MapAnonymous(Frames / 2 * Page.Size, Protection.ReadWrite);
        for (var page = 0; page < Frames / 2; page++)
        {
            process.Memory.Store(heap + (page * Page.Size), [(byte)(page & 255)]);
        }

        var random = new Random(1);
        var most = 0L;
        for (var n = 0; n < 20_000; n++)
        {
            file.Read(random.Next(2 * Frames) * (long)Page.Size, new byte[1]);
            if (n % 16 == 0)
            {
                var page = random.Next(Frames / 2);
                Assert.Equal((byte)(page & 255), process.Memory.Load<byte>(heap + (page * Page.Size)));
            }

            most = Math.Max(most, machine.Cache.SwapPages.Used);
        }

        Fsck.Require(machine);
        return (most, machine.StoreCalls.Reads);
    }
}
