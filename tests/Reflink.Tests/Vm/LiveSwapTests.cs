using Reflink.Fidelity.Reclaim.Live;
using Reflink.Studies;
using Reflink.Units;
using Reflink.Vm;
using Xunit.Abstractions;

namespace Reflink.Tests.Vm;

/// <summary>Which swapped pages are read around those that loads miss: the running kernel beside the model.</summary>
public sealed class LiveSwapTests(ITestOutputHelper output)
{
    private const int P = Page.Size;
    private const int Compared = 768;

    // Behind the pages that are compared. Loads so far apart that no window reaches from one to the next take the window of both down to one page, whatever
    // the kernel remembers of how the pages came to be in swap.
    private const int Apart = 40;
    private const int Pages = Compared + (9 * Apart);

    [LiveSwapTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void As_in_the_kernel_swapped_pages_around_one_that_a_load_misses_are_read_with_it(int pageCluster)
    {
        using var machine = new Machine(new MachineOptions { Memory = 16L << 20, Swap = 4L * Pages * P, PageCluster = pageCluster });
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var heap = process.Memory.MapAnonymous(Pages * P, Protection.ReadWrite);
        for (var page = 0; page < Pages; page++)
        {
            process.Memory.Store(heap + ((long)page * P), [LiveSwap.ValueOf(page)]);
        }

        process.Madvise(heap, Pages * P, Advice.PageOut);
        using var live = LiveSwap.Try(Pages, pageCluster, VirtualPage.Of(heap), out var why);
        Assert.True(live is not null, why);
        void Load(int page)
        {
            Assert.Equal(LiveSwap.ValueOf(page), live.Load(page));
            Assert.Equal(LiveSwap.ValueOf(page), process.Memory.Load<byte>(heap + ((long)page * P)));
        }

        for (var n = 1; n <= 8; n++)
        {
            Load(Compared + (n * Apart));
        }

        var (loads, major, ahead) = (0, process.MajorFaults, machine.Cache.Swap!.PagesAhead);
        foreach (var page in Accesses())
        {
            Load(page);

            // A page that is still on its way from the disk does not count as being in memory.
            var ours = Resident(machine, process, heap);
            _ = SpinWait.SpinUntil(() => Compare(live).SequenceEqual(ours), TimeSpan.FromSeconds(2));
            Assert.Equal(Compare(live), ours);
            loads++;
        }

        output.WriteLine($"{loads} loads, {process.MajorFaults - major} of them major faults; read ahead: {machine.Cache.Swap.PagesAhead - ahead} pages, used: {machine.Cache.Swap.HitsAhead}");
    }

    private static IEnumerable<int> Compare(LiveSwap live) => live.Resident.Where(page => page < Compared);

    // Upwards, downwards, with a stride, across the end of a page table, here and there, and in short runs.
    private static IEnumerable<int> Accesses()
    {
        var random = new SplitMix(21);
        int Any(int below) => random.Below(below);
        return
        [
            .. Enumerable.Range(100, 40), .. Enumerable.Range(0, 40).Select(n => 300 - n), .. Enumerable.Range(0, 20).Select(n => 320 + (n * 3)),
            .. Enumerable.Range(0, 40).Select(_ => Any(Compared)), .. Enumerable.Range(0, 30).SelectMany(_ => Enumerable.Range(Any(Compared - 8), 1 + Any(8))),
        ];
    }

    private static int[] Resident(Machine machine, Process process, long heap)
    {
        var vma = process.Memory.Find(heap)!;
        return [.. Enumerable.Range(0, Compared).Where(page => vma.IsFilled(vma.PageOf(VirtualPage.Of(heap) + page), out var block) && machine.Cache.TryPeek(block, default, out _))];
    }
}
