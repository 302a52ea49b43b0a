using Reflink.Ksm.Controls;
using Reflink.Ksm.Partitions;
using Reflink.Ksm.Reporting;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Ksm;

/// <summary>Why pages do not merge, who sees whom, and what stands in the way.</summary>
public sealed class ExplainTests : IDisposable
{
    private readonly KsmBench _b = new();

    public void Dispose()
    {
        Fsck.Require(_b.Machine);
        _b.Dispose();
    }

    private string Why(Process process, int page, int count) => string.Join(
        ", ", _b.Ksm.Explain(process, KsmBench.At(page), (long)count * Page.Size).Select(e => $"{e.Count} {e.Obstacle}"));

    [Fact]
    public void Mappings_that_cannot_merge_say_so()
    {
        var p = _b.Spawn();
        p.Memory.MapAnonymous(Page.Size, Protection.Read | Protection.Write, MappingKind.Shared, address: KsmBench.At(0));
        p.Memory.MapAnonymous(2 * Page.Size, Protection.Read | Protection.Write, address: KsmBench.At(1));
        _b.Fill(p, 1, 7);
        using var file = _b.Machine.Volume.Create("/f");
        file.Write(0, new byte[2 * Page.Size]);
        p.Memory.Map(file, 0, 2 * Page.Size, Protection.Read | Protection.Write, address: KsmBench.At(5));
        p.Madvise(KsmBench.At(5), 2 * Page.Size, Advice.Mergeable);
        _b.Write(p, 6, 9);
        Assert.Equal("1 SharedMapping, 1 NotAdvised, 1 Untouched, 2 NotMapped, 1 FilePage, 1 ScannerStopped", Why(p, 0, 7));
    }

    /// <summary>Pages that have an equal which cannot be met: where it is, and what keeps them apart.</summary>
    [Fact]
    public void Equal_pages_that_cannot_meet_say_what_is_between_them()
    {
        var (one, other, third) = (_b.Spawn(7, 8), _b.Spawn(7, 9), _b.Spawn(9));
        void Merge(string partition, Process process, int pages)
        {
            using var opened = _b.Ksm.Open(partition, KsmOpenFlags.ReadWrite | KsmOpenFlags.Create | KsmOpenFlags.Synchronous);
            opened.Merge(process, KsmBench.At(0), (long)pages * Page.Size);
        }

        Merge("red", one, 2);
        Merge("green", other, 2);
        Assert.Equal("1 OtherPartition, 1 NoEqual", Why(one, 0, 2));
        Assert.Contains("in the partition 'green'", _b.Ksm.Explain(one, KsmBench.At(0), Page.Size)[0].Sentence, StringComparison.Ordinal);
        Assert.Equal("1 OtherPartition, 1 NoEqual", Why(other, 0, 2));
        Merge("red", third, 1);
        Assert.Equal("1 OtherPartition", Why(third, 0, 1));

        // Merging on request has a table of its own.
        var (asks, waits) = (_b.Spawn(5), _b.Spawn(5, 6, 6));
        waits.Madvise(KsmBench.At(0), 3 * Page.Size, Advice.Unmergeable);
        _b.Machine.Control["/sys/kernel/mm/ksm/requested/trigger_merge"] = $"{waits.Id} {KsmBench.At(0):x} {KsmBench.At(3):x}";
        _b.Pass(2);
        Assert.Contains("merged on request", Assert.Single(_b.Ksm.Explain(asks, KsmBench.At(0), Page.Size)).Sentence, StringComparison.Ordinal);
        Assert.Contains("left to ksm", Assert.Single(_b.Ksm.Explain(waits, KsmBench.At(0), Page.Size)).Sentence, StringComparison.Ordinal);
        Assert.Equal("1", _b.Machine.Control["/sys/kernel/mm/ksm/requested/pages_sharing"].Trim());
    }

    [Fact]
    public void A_chain_that_is_full_is_told()
    {
        _b.Ksm.Run = KsmRun.Merge;
        _b.Ksm.Tunables.MaxPageSharing = 2;
        var p = _b.Spawn(7, 7, 7, 8);
        _b.Pass(3);
        Assert.Equal(["1 ChainFull", "1 NoEqual", "2 Merged"], Why(p, 0, 4).Split(", ").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Equal_pages_of_two_nodes_are_told_where_nodes_are_kept_apart()
    {
        using var b = new KsmBench(nodes: 2);
        b.Ksm.Run = KsmRun.Merge;
        b.Ksm.Tunables.MergeAcrossNodes = false;
        var (one, other) = (b.Spawn(), b.Spawn());
        other.Node = 1;
        foreach (var process in (Process[])[one, other])
        {
            process.Memory.MapAnonymous(Page.Size, Protection.ReadWrite, address: KsmBench.At(0));
            b.Fill(process, 0, 7);
            process.Madvise(KsmBench.At(0), Page.Size, Advice.Mergeable);
        }

        b.Pass(2);
        Assert.Equal(MergeObstacle.OtherNode, Assert.Single(b.Ksm.Explain(one, KsmBench.At(0), Page.Size)).Obstacle);
        b.Pass(2);
        Assert.Equal(MergeObstacle.OtherNode, Assert.Single(b.Ksm.Explain(other, KsmBench.At(0), Page.Size)).Obstacle);
    }

    [Fact]
    public void Pages_on_their_way_say_where_they_are()
    {
        _b.Ksm.Run = KsmRun.Merge;
        var p = _b.Spawn(7, 8, 9, 9);
        Assert.Equal("4 NotVisited", Why(p, 0, 4));
        _b.Pass();
        Assert.Equal("4 Changing", Why(p, 0, 4));
        _b.Pass();
        Assert.Equal("2 NoEqual, 2 Merged", Why(p, 0, 4));
        _b.Pass(4);
        var skipped = Assert.Single(_b.Ksm.Explain(p, KsmBench.At(0), Page.Size));
        Assert.Equal((MergeObstacle.Skipped, 9L), (skipped.Obstacle, skipped.UntilPass));
        var before = _b.Ksm.Counters.PagesScanned;
        _b.Pass(2);
        var idle = _b.Ksm.Counters.PagesScanned - before;
        _b.Pass();
        Assert.Equal((4, 4), (idle, _b.Ksm.Counters.PagesScanned - before - idle));
        Assert.Equal(9, _b.Ksm.Counters.FullScans);
    }

    [Fact]
    public void Pinned_pages_wait_until_they_are_let_go()
    {
        _b.Ksm.Run = KsmRun.Merge;
        _b.Ksm.Tunables.SmartScan = false;
        var p = _b.Spawn(7, 7);
        using (var pin = _b.Ksm.Pin(p, KsmBench.At(0), Page.Size))
        {
            Assert.Equal(1, pin.Count);
            _b.Pass(4);
            Assert.Equal("0/0/1/1", _b.Counts);
            Assert.Equal(3, _b.Ksm.CowKsm);
            Assert.Equal("1 Pinned, 1 Changing", Why(p, 0, 2));
        }

        _b.Pass(2);
        Assert.Equal("1/1/0/0", _b.Counts);
    }

    [Fact]
    public void A_mapping_that_moves_is_unmerged_and_stays_mergeable()
    {
        var p = _b.Spawn(7, 7, 8);
        _b.Pass(2);
        Assert.Equal("1/1/1/0", _b.Counts);
        var moved = p.Memory.Remap(KsmBench.At(0), 3 * Page.Size, 5 * Page.Size, to: KsmBench.At(100));
        Assert.Equal(KsmBench.At(100), moved);
        Assert.Equal(2, _b.Ksm.CowKsm);
        Assert.Equal((7, 8, 0), (_b.Read(p, 100), _b.Read(p, 102), _b.Read(p, 104)));
        _b.Pass(2);
        Assert.Equal("1/1/1/0", _b.Counts);
    }

    [Fact]
    public void Exposure_counts_pairs_of_users_and_none_where_each_has_a_partition()
    {
        var users = Enumerable.Range(0, 3).Select(i => _b.Machine.Processes.AddUser($"u{i}")).ToList();
        var processes = users.SelectMany(u => new[] { u, u }).Select(u =>
        {
            var p = _b.Machine.Processes.Spawn(u, "p");
            _b.Map(p, 0, 7, 8);
            return p;
        }).ToList();
        _b.Pass(2);
        Assert.Equal(new MergeExposure(2, 6, 12, 10, 4), _b.Ksm.Exposure());
        foreach (var p in processes)
        {
            using var own = _b.Ksm.Open(p.User.Name, KsmOpenFlags.ReadWrite | KsmOpenFlags.Create | KsmOpenFlags.Synchronous);
            own.Merge(p, KsmBench.At(0), 2 * Page.Size);
        }

        Assert.Equal(new MergeExposure(0, 0, 0, 6, 0), _b.Ksm.Exposure());
    }

    [Fact]
    public void Defences_hide_the_write_and_the_frame()
    {
        _b.Ksm.Tunables.FakeMerging = true;
        var p = _b.Spawn(7, 8);
        _b.Pass(2);
        _b.Write(p, 0, 1);
        Assert.Equal(1, _b.Ksm.CowKsm);

        using var other = new KsmBench();
        other.Ksm.Tunables.FreshSurvivor = true;
        var q = other.Spawn(7, 7);
        var frames = new[] { FrameOf(other, q, 0), FrameOf(other, q, 1) };
        other.Pass(2);
        Assert.Equal("1/1/0/0", other.Counts);
        Assert.DoesNotContain(FrameOf(other, q, 0), frames);
    }

    private static string FrameOf(KsmBench bench, Process process, int page)
    {
        var vma = process.Memory.Find(KsmBench.At(page))!;
        return vma.IsFilled(vma.PageOf(VirtualPage.Of(KsmBench.At(page))), out var block)
            && bench.Machine.Cache.TryPeek(block, default, out var frame) ? frame.ToString() : "none";
    }
}
