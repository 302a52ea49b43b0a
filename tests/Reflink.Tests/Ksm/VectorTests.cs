using Reflink.Ksm.Controls;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Ksm;

/// <summary>What the live kernel did, pass by pass (ksm.md §1.12, §1.5, §0.2, §1.7).</summary>
public sealed class VectorTests : IDisposable
{
    private readonly KsmBench _b = new();

    public void Dispose() => _b.Dispose();

    [Fact]
    public void V1_two_identical_pages_merge_in_the_second_pass()
    {
        _b.Spawn(7, 7);
        _b.Pass();
        Assert.Equal("0/0/0/2", _b.Counts);
        Assert.Equal(-128, _b.Ksm.Counters.GeneralProfit);
        _b.Pass();
        Assert.Equal("1/1/0/0", _b.Counts);
        Assert.Equal(3968, _b.Ksm.Counters.GeneralProfit);
        _b.Pass(20);
        Assert.Equal("1/1/0/0", _b.Counts);
    }

    [Fact]
    public void V5_written_pages_count_until_they_are_visited()
    {
        _b.Ksm.Tunables.SmartScan = false;
        var p = _b.Spawn(7, 7, 7);
        _b.Pass(2);
        Assert.Equal("1/2/0/0", _b.Counts);
        _b.Write(p, 0, 7);
        Assert.Equal("1/2/0/0", _b.Counts);
        Assert.Equal(1, _b.Ksm.CowKsm);
        _b.Pass();
        Assert.Equal("1/2/0/0", _b.Counts);
        _b.Write(p, 0, 8);
        _b.Pass();
        Assert.Equal("1/1/0/1", _b.Counts);
        _b.Pass();
        Assert.Equal("1/1/1/0", _b.Counts);
        _b.Write(p, 1, 9);
        _b.Pass();
        Assert.Equal("1/0/1/1", _b.Counts);
        Assert.Equal(-192, _b.Ksm.Counters.GeneralProfit);
        _b.Write(p, 2, 10);
        Assert.Equal(4, _b.Ksm.CowKsm);
        _b.Pass();
        Assert.Equal("0/0/2/1", _b.Counts);
        _b.Pass();
        Assert.Equal("0/0/3/0", _b.Counts);
    }

    [Fact]
    public void V8_a_page_that_changes_before_each_pass_is_volatile_until_it_rests()
    {
        _b.Ksm.Tunables.SmartScan = false;
        var p = _b.Spawn(7, 7);
        for (var i = 0; i < 5; i++)
        {
            _b.Write(p, 1, (byte)(20 + i));
            _b.Pass();
        }

        Assert.Equal("0/0/1/1", _b.Counts);
        _b.Write(p, 1, 7);
        _b.Pass();
        Assert.Equal("0/0/1/1", _b.Counts);
        _b.Pass();
        Assert.Equal("1/1/0/0", _b.Counts);
    }

    [Theory]
    [InlineData(10, 10, "1/9/0/0/0")]
    [InlineData(11, 10, "1/9/1/0/0")]
    [InlineData(12, 10, "2/10/0/1/2")]
    [InlineData(25, 10, "3/22/0/1/3")]
    [InlineData(31, 10, "3/27/1/1/3")]
    [InlineData(20, 2, "10/10/0/1/10")]
    [InlineData(21, 2, "10/10/1/1/10")]
    [InlineData(5, 3, "2/3/0/1/2")]
    public void A_merged_page_has_so_many_mappings_at_most(int pages, int most, string expected)
    {
        _b.Ksm.Tunables.SmartScan = false;
        _b.Ksm.Tunables.MaxPageSharing = most;
        _b.Spawn([.. Enumerable.Repeat((byte)7, pages)]);
        _b.Pass(4);
        var c = _b.Ksm.Counters;
        Assert.Equal(expected, $"{c.PagesShared}/{c.PagesSharing}/{c.PagesUnshared}/{c.StableNodeChains}/{c.StableNodeDups}");
    }

    [Fact]
    public void Forked_mappings_are_noted_when_visited_beyond_every_limit()
    {
        _b.Ksm.Tunables.MaxPageSharing = 2;
        var p = _b.Spawn(7, 7);
        _b.Pass(2);
        _ = p.Fork();
        Assert.Equal("1/1/0/0", _b.Counts);
        _b.Pass();
        Assert.Equal("1/3/0/0", _b.Counts);
    }

    [Fact]
    public void A_lonely_page_is_looked_at_in_passes_1_2_3_4_6_9_14_23_32()
    {
        _b.Spawn(7);
        var looked = new List<int>();
        for (var pass = 1; pass <= 41; pass++)
        {
            var before = _b.Ksm.Counters.PagesScanned;
            _b.Pass();
            if (_b.Ksm.Counters.PagesScanned > before)
            {
                looked.Add(pass);
            }
        }

        Assert.Equal([1, 2, 3, 4, 6, 9, 14, 23, 32, 41], looked);
    }

    [Fact]
    public void In_three_of_nine_phases_two_equal_pages_never_meet()
    {
        var starved = new List<int>();
        for (var phase = 0; phase < 9; phase++)
        {
            using var bench = new KsmBench();
            bench.Spawn(7);
            bench.Pass(44 + phase);
            var first = bench.Ksm.Counters.FullScans + 1;
            bench.Spawn(7);
            bench.Pass(100);
            if (bench.Ksm.Counters.PagesSharing == 0)
            {
                starved.Add((int)(first % 9));
            }
        }

        Assert.Equal([5, 7, 8], starved.Order());
    }

    /// <summary>Old pages are looked at in the same passes; none waits for longer than it takes to grow old, 14 passes, and the next multiple of nine.</summary>
    [Fact]
    public void With_aligned_skips_two_equal_pages_always_meet()
    {
        for (var phase = 0; phase < 9; phase++)
        {
            using var bench = new KsmBench();
            bench.Ksm.Tunables.AlignedSkips = true;
            bench.Spawn(7);
            bench.Pass(44 + phase);
            bench.Spawn(7);
            bench.Pass(14 + 9);
            Assert.Equal("1/1/0/0", bench.Counts);
        }
    }

    [Fact]
    public void With_aligned_skips_an_old_page_is_looked_at_in_multiples_of_nine()
    {
        _b.Ksm.Tunables.AlignedSkips = true;
        var p = _b.Spawn(7);
        _b.Pass(20);
        Assert.Equal(27, Assert.Single(_b.Ksm.Explain(p, KsmBench.At(0), Page.Size)).UntilPass);
        var before = _b.Ksm.Counters.PagesScanned;
        _b.Pass(6);
        Assert.Equal(before, _b.Ksm.Counters.PagesScanned);
        _b.Pass(10);
        Assert.Equal(before + 2, _b.Ksm.Counters.PagesScanned);
    }

    [Fact]
    public void Empty_pages_become_the_zero_page_where_that_is_wanted()
    {
        _b.Ksm.Tunables.UseZeroPages = true;
        var p = _b.Spawn(0, 0, 7);
        _b.Pass(2);
        Assert.Equal(2, _b.Ksm.Counters.ZeroPages);
        Assert.Equal("0/0/1/2", _b.Counts);
        _b.Pass();
        Assert.Equal("0/0/1/0", _b.Counts);
        var child = p.Fork();
        Assert.Equal(4, _b.Ksm.Counters.ZeroPages);
        _b.Write(p, 0, 1);
        Assert.Equal(3, _b.Ksm.Counters.ZeroPages);
        Assert.Equal(0, _b.Ksm.CowKsm);
        child.Exit();
        Assert.Equal(1, _b.Ksm.Counters.ZeroPages);
        p.Madvise(KsmBench.At(0), 3 * Page.Size, Advice.Unmergeable);
        Assert.Equal(0, _b.Ksm.Counters.ZeroPages);
        Assert.Equal(0, _b.Read(p, 1));
    }

    [Fact]
    public void Unmerging_everything_starts_anew()
    {
        var p = _b.Spawn(7, 7, 8, 8, 9);
        _b.Pass(3);
        Assert.Equal("2/2/1/0", _b.Counts);
        _b.Ksm.Run = KsmRun.Unmerge;
        Assert.Equal("0/0/0/0", _b.Counts);
        Assert.Equal((0, 4, 0), (_b.Ksm.Counters.FullScans, _b.Ksm.CowKsm, _b.Ksm.Counters.RmapItems));
        _b.Pass(2);
        Assert.Equal("2/2/1/0", _b.Counts);
        Assert.Equal(8, _b.Read(p, 3));
    }

    [Fact]
    public void The_frame_of_the_page_visited_later_survives()
    {
        var p = _b.Spawn(7, 7, 7);
        var before = FrameOf(p, 1);
        _b.Pass(2);
        Assert.Equal([before, before, before], new[] { FrameOf(p, 0), FrameOf(p, 1), FrameOf(p, 2) });
    }

    [Fact]
    public void What_a_process_left_behind_counts_until_it_is_visited()
    {
        _b.Spawn(7, 7);
        var p = _b.Spawn(7, 7, 8);
        _b.Pass(2);
        Assert.Equal("1/3/1/0", _b.Counts);
        p.Exit();
        Assert.Equal("1/3/1/0", _b.Counts);
        _b.Pass();
        Assert.Equal("1/1/0/0", _b.Counts);
    }

    [Fact]
    public void The_option_marks_all_mappings_and_outlives_fork_and_exec()
    {
        var p = _b.Spawn();
        Assert.Equal(0, p.Prctl(ProcessOption.GetMemoryMerge));
        p.Prctl(ProcessOption.SetMemoryMerge, 1);
        p.Memory.MapAnonymous(2 * Page.Size, Protection.Read | Protection.Write, address: KsmBench.Base);
        _b.Fill(p, 0, 7);
        _b.Fill(p, 1, 7);
        _b.Pass(2);
        Assert.Equal("1/1/0/0", _b.Counts);
        var child = p.Fork();
        child.Exec("other");
        Assert.Equal(1, child.Prctl(ProcessOption.GetMemoryMerge));
        Assert.Equal(Errno.EINVAL, Assert.Throws<ReflinkException>(() => p.Prctl(ProcessOption.SetMemoryMerge, 1, 1)).Error);
        p.Prctl(ProcessOption.SetMemoryMerge, 0);
        Assert.NotEqual(FrameOf(p, 0), FrameOf(p, 1));
        Assert.False(_b.Ksm.StatOf(p).Mergeable);
    }

    [Theory]
    [InlineData(2, true, "1/199/0/0")]
    [InlineData(2, false, "2/198/0/0")]
    [InlineData(3, true, "1/299/0/0")]
    [InlineData(3, false, "3/297/0/0")]
    public void Ltp_ksm06_pages_of_several_nodes_merge_only_where_that_is_allowed(int nodes, bool across, string expected)
    {
        using var bench = new KsmBench(nodes);
        bench.Ksm.Tunables.MergeAcrossNodes = across;
        bench.Ksm.Tunables.MaxPageSharing = 100 * nodes;
        for (var node = 0; node < nodes; node++)
        {
            var p = bench.Spawn();
            p.Node = node;
            bench.Map(p, 0, [.. Enumerable.Repeat((byte)7, 100)]);
        }

        bench.Pass(3);
        Assert.Equal(expected, bench.Counts);
        Assert.Equal(Errno.EBUSY, Assert.Throws<ReflinkException>(() => bench.Ksm.Tunables.MergeAcrossNodes = !across).Error);
        bench.Ksm.Run = KsmRun.Unmerge;
        bench.Ksm.Tunables.MergeAcrossNodes = !across;
    }

    [Fact]
    public void Smaps_tells_what_is_merged()
    {
        _b.Ksm.Tunables.UseZeroPages = true;
        var p = _b.Spawn(7, 7, 8, 0);
        _b.Pass(2);
        _b.Read(p, 3);
        var smaps = _b.Machine.Smaps().Of(p);
        Assert.Equal((3 * Page.Size, 3 * Page.Size), (smaps.Ksm, smaps.Rss));
        Assert.True(Assert.Single(p.Memory.Mappings).IsMergeable);
    }

    private string FrameOf(Process process, int page)
    {
        var vma = process.Memory.Find(KsmBench.At(page))!;
        return vma.IsFilled(vma.PageOf(VirtualPage.Of(KsmBench.At(page))), out var block)
            && _b.Machine.Cache.TryPeek(block, default, out var frame) ? frame.ToString() : "none";
    }
}
