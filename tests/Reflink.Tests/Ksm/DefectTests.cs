using Reflink.Ksm.Controls;
using Reflink.Ksm.Partitions;
using Reflink.Ksm.Scanning;
using Reflink.Units;

namespace Reflink.Tests.Ksm;

/// <summary>What the exerciser found once, as short as it got.</summary>
public sealed class DefectTests : IDisposable
{
    private readonly KsmBench _b = new();

    public void Dispose()
    {
        Fsck.Require(_b.Machine);
        _b.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pages_whose_hashes_collide_are_merged_by_their_bytes(bool onRequest)
    {
        _b.Ksm.Hash = static _ => 1;
        _b.Ksm.Tunables.SmartScan = false;
        byte[] contents = [7, 7, 8, 8, 0, 9];
        var p = _b.Spawn(contents);
        if (onRequest)
        {
            p.Madvise(KsmBench.At(0), contents.Length * Page.Size, Advice.Merge);
        }

        _b.Pass(4);
        Assert.Equal(contents, contents.Select((_, page) => _b.Read(p, page)));
        Assert.True(_b.Machine.Space.Live(BlockKind.Anonymous) < contents.Length, "nothing was merged");
    }

    [Fact]
    public void A_partition_goes_when_the_last_one_in_it_goes()
    {
        using (_b.Ksm.Open("red", KsmOpenFlags.ReadWrite | KsmOpenFlags.Create))
        using (_b.Ksm.Open("red/in", KsmOpenFlags.ReadWrite | KsmOpenFlags.Create))
        {
        }

        var outer = _b.Ksm.Open("red", KsmOpenFlags.ReadWrite | KsmOpenFlags.Create);
        using (_b.Ksm.Open("red/in", KsmOpenFlags.ReadWrite | KsmOpenFlags.Create))
        {
            outer.Dispose();
            Assert.Equal(2, _b.Ksm.Partitions.Count);
        }

        Assert.Empty(_b.Ksm.Partitions);
    }

    [Fact]
    public void A_closed_partition_goes_with_its_last_member()
    {
        var one = _b.Spawn(7);
        using (var red = _b.Ksm.Open("red", KsmOpenFlags.ReadWrite | KsmOpenFlags.Create))
        {
            red.Merge(one, KsmBench.At(0), Page.Size);
        }

        _b.Ksm.Unmerge(one, one, KsmBench.At(0), Page.Size);
        Assert.Empty(_b.Ksm.Partitions);
    }

    [Fact]
    public void Relatives_in_two_partitions_share_nothing_that_is_merged()
    {
        const KsmOpenFlags Make = KsmOpenFlags.ReadWrite | KsmOpenFlags.Create | KsmOpenFlags.Synchronous;
        using var red = _b.Ksm.Open("red", Make);
        using var blue = _b.Ksm.Open("blue", Make);
        var parent = _b.Spawn(7);
        var (child, third) = (parent.Fork(), parent.Fork());
        red.Merge(parent, KsmBench.At(0), Page.Size);
        Fsck.Require(_b.Machine);
        blue.Merge(child, KsmBench.At(0), Page.Size);
        Fsck.Require(_b.Machine);
        var member = child.Fork();
        blue.Unmerge(member, KsmBench.At(0), Page.Size);
        member.Madvise(KsmBench.At(0), Page.Size, Advice.Merge);
        Assert.Equal((7, 7), (_b.Read(member, 0), _b.Read(third, 0)));
    }

    [Fact]
    public void The_last_page_of_a_mapping_grows_where_it_is()
    {
        var p = _b.Spawn(7, 8, 9);
        Assert.Equal(KsmBench.At(2), p.Memory.Remap(KsmBench.At(2), Page.Size, 2 * Page.Size));
        Assert.Equal((9, 0), (_b.Read(p, 2), _b.Read(p, 3)));
    }

    [Fact]
    public void A_page_that_waited_for_the_pass_that_ended_may_wait_on_request()
    {
        _b.Ksm.Tunables.SmartScan = false;
        var p = _b.Spawn(7, 8);
        _b.Pass(2);
        Assert.Equal("0/0/2/0", _b.Counts);
        _b.Ksm.Merge(null, p, KsmBench.At(0), 2 * Page.Size, MergeFlags.Lazy);
        _b.Ksm.Merge(null, p, KsmBench.At(0), 2 * Page.Size, MergeFlags.Lazy);
        Assert.Equal("0/0/2/0", _b.Counts);
        Assert.Equal(1, _b.Ksm.Merge(null, _b.Spawn(7), KsmBench.At(0), Page.Size, MergeFlags.Lazy).Merged);
        Assert.Equal("1/1/1/0", _b.Counts);
    }

    [Fact]
    public void A_pass_that_was_begun_is_forgotten_where_there_is_no_memory_to_unmerge_everything()
    {
        using var machine = new Machine(new MachineOptions { Memory = 16 << Page.Shift, Swap = 0 });
        machine.Ksm.Tunables.SmartScan = false;
        var processes = Enumerable.Range(0, 2).Select(_ => machine.Processes.Spawn(machine.Processes.User(0), "p")).ToArray();
        foreach (var process in processes)
        {
            process.Memory.MapAnonymous(10 * Page.Size, Protection.ReadWrite, address: KsmBench.At(0));
            process.Madvise(KsmBench.At(0), 10 * Page.Size, Advice.Mergeable);
            for (var page = 0; page < 10; page++)
            {
                process.Memory.Store(KsmBench.At(page), [7]);
                machine.Ksm.Pass();
                machine.Ksm.Pass();
            }
        }

        Assert.Equal((1, 19), (machine.Ksm.Counters.PagesShared, machine.Ksm.Counters.PagesSharing));
        machine.Ksm.Tunables.PagesToScan = 3;
        machine.Ksm.Run = KsmRun.Merge;
        machine.Wait(TimeSpan.Zero);
        Assert.Equal(Errno.ENOMEM, Assert.Throws<ReflinkException>(() => machine.Ksm.Run = KsmRun.Unmerge).Error);
        Assert.Equal(KsmRun.Stop, machine.Ksm.Run);
        Fsck.Require(machine);
        machine.Ksm.Pass();
        machine.Ksm.Pass();
        Fsck.Require(machine);
        Assert.Equal((1, 19), (machine.Ksm.Counters.PagesShared, machine.Ksm.Counters.PagesSharing));
    }
}
