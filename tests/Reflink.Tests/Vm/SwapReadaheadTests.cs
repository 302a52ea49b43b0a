using System.Globalization;
using Reflink.Cache;
using Reflink.Machines;
using Reflink.Studies;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Vm;

/// <summary>Which swapped pages are read beside one that a fault finds in swap (mm/swap_state.c).</summary>
public sealed class SwapReadaheadTests : IDisposable
{
    private const int P = Page.Size;
    private const int Pages = 64;
    private Machine _machine = null!;
    private Process _process = null!;
    private long _heap;

    public void Dispose() => _machine?.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(9)]
    public void Windows_are_those_that_the_kernel_computes_from_the_faults_before(int pageCluster)
    {
        var (random, ours, kernel) = (new SplitMix((ulong)pageCluster), default(SwapReadahead), new KernelWindows(pageCluster));
        var page = 100_000L;
        for (var n = 0; n < 20_000; n++)
        {
            page += random.Below(4) switch { 0 => 1, 1 => -1, 2 => random.Below(40) - 20, _ => 0 };
            if (random.Below(3) == 0)
            {
                var range = ours.Miss(new VirtualPage(page), SwapReadahead.LargestWindow(pageCluster, 1 << 20));
                Assert.Equal(kernel.Miss(page), range.IsEmpty ? (page, 1) : (range.Start.Value, range.Length));
            }
            else
            {
                var isHit = random.Below(3) > 0;
                if (isHit)
                {
                    ours.Hit(new VirtualPage(page));
                }
                else
                {
                    ours.Found(new VirtualPage(page));
                }

                kernel.Found(page, isHit);
            }
        }
    }

    [Fact]
    public void Pages_that_were_read_ahead_are_no_major_faults_and_each_counts_once_as_a_hit()
    {
        Start(3);
        var mapped = Rss();
        Assert.Equal(Enumerable.Range(17, 8), Load(20));
        Assert.Equal((7, 0, 8, 1), Counts());
        Assert.Equal(P, Rss() - mapped);

        Assert.Empty(Load(21));
        Assert.Empty(Load(21));
        Assert.Empty(Load(19));
        Assert.Equal((7, 2, 8, 1), Counts());

        // Two hits: four pages. None since then and another order: half of them.
        Assert.Equal(Enumerable.Range(39, 4), Load(40));
        Assert.Equal(Enumerable.Range(50, 2), Load(50));
        Assert.Equal([52], Load(52));
    }

    [Fact]
    public void A_store_reads_ahead_as_a_load_does_and_a_page_that_comes_back_and_is_used_can_leave_without_a_write()
    {
        Start(3);
        Assert.Equal(Enumerable.Range(17, 8), Newly(() => _process.Memory.Store(_heap + (20L * P), [99])));
        _ = Load(21);
        var written = Counter("pswpout");
        _process.Madvise(_heap, Pages * P, Advice.PageOut);
        Assert.Equal(written + 1, Counter("pswpout"));
        Assert.Equal((99, 22), (_process.Memory.Load<byte>(_heap + (20L * P)), _process.Memory.Load<byte>(_heap + (21L * P))));
    }

    [Fact]
    public void With_page_cluster_0_a_fault_reads_its_page_alone()
    {
        Start(0);
        Assert.Equal([20], Load(20));
        _machine.Control["/proc/sys/vm/page-cluster"] = "2";
        Assert.Equal(Enumerable.Range(30, 4), Load(31));
        _machine.Control["/proc/sys/vm/page-cluster"] = "0";
        Assert.Equal([40], Load(40));
        Assert.Empty(Load(32));
        Assert.Equal((3, 1, 6, 3), Counts());
    }

    [Fact]
    public void A_window_ends_with_the_mapping_and_takes_a_quarter_of_memory_at_the_most()
    {
        Start(5, memoryPages: 24);
        Assert.Equal(Enumerable.Range(0, 4), Load(0));
        Assert.All((int[])[20, 40, 60], page => Assert.InRange(Load(page).Length, 1, 6));
        Assert.True(_machine.Cache.SwapPages.Used > 0);
    }

    [Fact]
    public void Where_swap_is_more_than_half_full_a_page_leaves_swap_when_it_is_used_and_not_when_it_is_read_ahead()
    {
        Start(3, swapPages: Pages + 8);
        var used = _machine.Cache.SwapPages.Used;
        _ = Load(20);
        Assert.Equal(used - 1, _machine.Cache.SwapPages.Used);
        _ = Load(21);
        Assert.Equal(used - 2, _machine.Cache.SwapPages.Used);
    }

    [Fact]
    public void A_page_that_was_read_ahead_reads_as_zeroes_after_it_was_given_up()
    {
        Start(3);
        _ = Load(20);
        _process.Madvise(_heap + (21L * P), P, Advice.Free);
        Assert.Equal(0, _process.Memory.Load<byte>(_heap + (21L * P)));
        Fsck.Require(_machine);
    }

    [Fact]
    public void A_child_finds_what_its_parent_read_ahead_and_a_store_to_it_changes_its_own_copy_alone()
    {
        Start(3);
        _ = Load(20);
        var child = _process.Fork();
        child.Memory.Store(_heap + (21L * P), [99]);
        Assert.Equal((7, 1, 8, 1), Counts());
        Assert.Equal((99, 22), (child.Memory.Load<byte>(_heap + (21L * P)), _process.Memory.Load<byte>(_heap + (21L * P))));
        Fsck.Require(_machine);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(32)]
    public void A_page_cluster_that_no_kernel_takes_is_refused(int pageCluster)
    {
        var refused = Assert.Throws<ReflinkException>(() => new Machine(new MachineOptions { PageCluster = pageCluster }));
        Assert.Equal(Errno.EINVAL, refused.Error);
        Assert.Contains($"page-cluster of {pageCluster}", refused.Message, StringComparison.Ordinal);
        Start(3);
        Assert.Throws<ReflinkException>(() => _machine.Control["/proc/sys/vm/page-cluster"] = $"{pageCluster}");
        Assert.Equal("3", _machine.Control["/proc/sys/vm/page-cluster"]);
    }

    // A heap of pages all of which are in swap.
    private void Start(int pageCluster, int swapPages = 4 * Pages, int memoryPages = 256)
    {
        _machine = new Machine(new MachineOptions { Memory = (long)memoryPages * P, Swap = (long)swapPages * P, PageCluster = pageCluster, Policy = "linux" });
        _process = _machine.Processes.Spawn(_machine.Processes.User(0), "p");
        _heap = _process.Memory.MapAnonymous(Pages * P, Protection.ReadWrite);
        for (var page = 0; page < Pages; page++)
        {
            _process.Memory.Store(_heap + ((long)page * P), [(byte)(page + 1)]);
        }

        _process.Madvise(_heap, Pages * P, Advice.PageOut);
        Assert.Empty(Resident());
    }

    private int[] Load(int page) => Newly(() => Assert.Equal(page + 1, _process.Memory.Load<byte>(_heap + ((long)page * P))));

    private int[] Newly(Action use)
    {
        var before = Resident();
        use();
        Assert.Empty(Fsck.Check(_machine));
        return [.. Resident().Except(before)];
    }

    private int[] Resident()
    {
        var vma = _process.Memory.Find(_heap)!;
        return [.. Enumerable.Range(0, Pages).Where(page => vma.IsFilled(vma.PageOf(VirtualPage.Of(_heap) + page), out var block) && _machine.Cache.TryPeek(block, default, out _))];
    }

    private long Rss() => _machine.Smaps().Of(_process).Rss;

    private (long Ahead, long Hits, long In, long Major) Counts() => (Counter("swap_ra"), Counter("swap_ra_hit"), Counter("pswpin"), Counter("pgmajfault"));

    private long Counter(string name) => long.Parse(
        _machine.Control["/proc/vmstat"].Split('\n').Select(line => line.Split(' ')).Single(fields => fields[0] == name)[1], CultureInfo.InvariantCulture);

    /// <summary>The kernel's arithmetic on its one word: an address, six bits of window, six bits of hits.</summary>
    private sealed class KernelWindows(int pageCluster)
    {
        private long _word;

        public (long Start, long Length) Miss(long page)
        {
            var (most, word) = (1L << Math.Min(pageCluster, 5), _word == 0 ? 4 : _word);
            var (before, window, hits) = (word >> 12, (word >> 6) & 63, word & 63);
            var pages = hits + 2;
            if (pages == 2)
            {
                pages = page != before + 1 && page != before - 1 ? 1 : 2;
            }
            else
            {
                var rounded = 4L;
                while (rounded < pages)
                {
                    rounded <<= 1;
                }

                pages = rounded;
            }

            pages = pages > most ? most : pages;
            pages = pages < window / 2 ? window / 2 : pages;
            _word = (page << 12) | (pages << 6);
            var left = page == before + 1 ? page : before == page + 1 ? page - pages + 1 : page - ((pages - 1) / 2);
            return pages == 1 ? (page, 1) : (left, pages);
        }

        public void Found(long page, bool isHit)
        {
            var word = _word == 0 ? 4 : _word;
            _word = (page << 12) | (word & (63 << 6)) | Math.Min((word & 63) + (isHit ? 1 : 0), 63);
        }
    }
}
