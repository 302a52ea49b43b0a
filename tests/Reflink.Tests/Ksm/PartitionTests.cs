using Reflink.Ksm.Partitions;
using Reflink.Ksm.Scanning;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Ksm;

/// <summary>Merging on request and within partitions.</summary>
public sealed class PartitionTests : IDisposable
{
    private readonly KsmBench _b = new();

    public void Dispose()
    {
        Fsck.Require(_b.Machine);
        _b.Dispose();
    }

    private Process Filled(params ReadOnlySpan<byte> contents)
    {
        var process = _b.Spawn();
        process.Memory.MapAnonymous((long)contents.Length * Page.Size, Protection.Read | Protection.Write, address: KsmBench.At(0));
        for (var i = 0; i < contents.Length; i++)
        {
            _b.Fill(process, i, contents[i]);
        }

        return process;
    }

    [Fact]
    public void Merging_on_request_needs_no_pass_and_is_paid_by_the_caller()
    {
        var (one, two) = (Filled(7, 8, 0), Filled(7, 9, 0));
        one.Madvise(KsmBench.At(0), 3 * Page.Size, Advice.Merge);
        two.Madvise(KsmBench.At(0), 3 * Page.Size, Advice.Merge);
        var c = _b.Ksm.Requested.Counters;
        Assert.Equal((3, 1, 2), (c.PagesShared, c.PagesSharing, c.ZeroPages));
        Assert.Equal(3, _b.Machine.Meter.Of(two.Account, WorkKind.PageScanned));
        Assert.Equal(0, _b.Ksm.Counters.RmapItems);
    }

    [Fact]
    public void Protected_pages_copy_at_the_next_write_and_lazy_ones_do_not()
    {
        var one = Filled(7, 8);
        _b.Ksm.Merge(null, one, KsmBench.At(0), 2 * Page.Size, MergeFlags.Lazy);
        _b.Write(one, 0, 1);
        Assert.Equal(0, _b.Ksm.CowKsm);
        _b.Ksm.Merge(null, one, KsmBench.At(0), 2 * Page.Size);
        _b.Write(one, 0, 2);
        Assert.Equal(1, _b.Ksm.CowKsm);
    }

    [Fact]
    public void What_waits_lazily_and_was_written_is_not_merged()
    {
        var (one, two) = (Filled(7), Filled(7));
        _b.Ksm.Merge(one, one, KsmBench.At(0), Page.Size, MergeFlags.Lazy);
        _b.Write(one, 0, 9);
        var result = _b.Ksm.Merge(two, two, KsmBench.At(0), Page.Size, MergeFlags.Lazy);
        Assert.Equal(new MergeResult(Page.Size, 0, 1, 0), result);
        Assert.Equal((9, 7), (_b.Read(one, 0), _b.Read(two, 0)));
    }

    [Fact]
    public void Pages_that_diverged_stay_apart_until_somebody_asks_again()
    {
        var (one, two) = (Filled(7), Filled(7));
        Merge(one);
        Merge(two);
        _b.Write(two, 0, 9);
        _b.Write(two, 0, 7);
        Assert.Equal((1, 0), (_b.Ksm.Requested.Counters.PagesShared, _b.Ksm.Requested.Counters.PagesSharing));
        Merge(two);
        Assert.Equal((1, 1), (_b.Ksm.Requested.Counters.PagesShared, _b.Ksm.Requested.Counters.PagesSharing));
    }

    [Fact]
    public void Partitions_merge_within_themselves_only()
    {
        using var red = _b.Ksm.Open("red", KsmOpenFlags.ReadWrite | KsmOpenFlags.Create | KsmOpenFlags.Synchronous);
        using var blue = _b.Ksm.Open("blue", KsmOpenFlags.ReadWrite | KsmOpenFlags.Create | KsmOpenFlags.Synchronous);
        var processes = Enumerable.Range(0, 4).Select(_ => Filled(7)).ToList();
        for (var i = 0; i < 4; i++)
        {
            (i < 2 ? red : blue).Merge(processes[i], KsmBench.At(0), Page.Size);
        }

        Assert.Equal((1, 1), (red.Partition.Counters.PagesShared, red.Partition.Counters.PagesSharing));
        Assert.Equal((1, 1), (blue.Partition.Counters.PagesShared, blue.Partition.Counters.PagesSharing));
        Assert.Equal(Errno.EBUSY, Assert.Throws<ReflinkException>(() => blue.Merge(processes[0], KsmBench.At(0), Page.Size)).Error);
        red.Unmerge(processes[0], KsmBench.At(0), Page.Size);
        blue.Merge(processes[0], KsmBench.At(0), Page.Size);
        Assert.Equal((1, 2), (blue.Partition.Counters.PagesShared, blue.Partition.Counters.PagesSharing));
    }

    [Fact]
    public void Joining_unmerges_what_the_machine_merged_and_keeps_it_out()
    {
        var (one, two) = (_b.Spawn(7, 7), _b.Spawn(7, 7));
        _b.Pass(2);
        Assert.Equal("1/3/0/0", _b.Counts);
        using var red = _b.Ksm.Open("red", KsmOpenFlags.ReadWrite | KsmOpenFlags.Create | KsmOpenFlags.Synchronous);
        red.Merge(one, KsmBench.At(0), 2 * Page.Size);
        _b.Pass(2);
        Assert.Equal("1/1/0/0", _b.Counts);
        Assert.Equal((1, 1), (red.Partition.Counters.PagesShared, red.Partition.Counters.PagesSharing));
        one.Madvise(KsmBench.At(0), 2 * Page.Size, Advice.Mergeable);
        _b.Pass(4);
        Assert.Equal("1/1/0/0", _b.Counts);
        GC.KeepAlive(two);
    }

    [Fact]
    public void A_forked_child_is_a_member_and_exec_leaves()
    {
        using var red = _b.Ksm.Open("red", KsmOpenFlags.ReadWrite | KsmOpenFlags.Create | KsmOpenFlags.Synchronous);
        var one = Filled(7, 7);
        red.Merge(one, KsmBench.At(0), 2 * Page.Size);
        var child = one.Fork();
        Assert.Equal([one, child], red.Partition.Members);
        child.Exec("other");
        Assert.Equal([one], red.Partition.Members);
    }

    [Fact]
    public void A_partition_that_inherits_maps_pages_above_and_gives_none()
    {
        using var all = _b.Ksm.Open("all", KsmOpenFlags.ReadWrite | KsmOpenFlags.Create | KsmOpenFlags.Synchronous);
        using var mine = _b.Ksm.Open("all/mine", KsmOpenFlags.ReadWrite | KsmOpenFlags.Create | KsmOpenFlags.Synchronous | KsmOpenFlags.Inherit);
        var (above, below, late) = (Filled(7), Filled(7, 8), Filled(8));
        all.Merge(above, KsmBench.At(0), Page.Size);
        mine.Merge(below, KsmBench.At(0), 2 * Page.Size);
        all.Merge(late, KsmBench.At(0), Page.Size);
        Assert.Equal((1, 1), (mine.Partition.Counters.PagesShared, mine.Partition.Counters.PagesSharing));
        Assert.Equal((2, 0), (all.Partition.Counters.PagesShared, all.Partition.Counters.PagesSharing));
        Fsck.Require(_b.Machine);
        _b.Write(below, 0, 1);
        Assert.Equal(0, mine.Partition.Counters.PagesSharing);
    }

    [Fact]
    public void Opening_is_refused_with_the_errors_of_open()
    {
        Assert.Equal(Errno.ENOENT, Refused(() => _b.Ksm.Open("red", KsmOpenFlags.Read)));
        Assert.Equal(Errno.ENOENT, Refused(() => _b.Ksm.Open("red/sub", KsmOpenFlags.Read | KsmOpenFlags.Create)));
        Assert.Equal(Errno.EINVAL, Refused(() => _b.Ksm.Open("", KsmOpenFlags.Read | KsmOpenFlags.Create)));
        Assert.Equal(Errno.ENAMETOOLONG, Refused(() => _b.Ksm.Open(new string('x', 128), KsmOpenFlags.Read | KsmOpenFlags.Create)));
        var ann = _b.Machine.Processes.Spawn(_b.Machine.Processes.AddUser("ann"), "a");
        var bob = _b.Machine.Processes.Spawn(_b.Machine.Processes.AddUser("bob"), "b");
        using var red = _b.Ksm.Open("red", KsmOpenFlags.Read | KsmOpenFlags.Create, by: ann);
        Assert.Equal(Errno.EEXIST, Refused(() => _b.Ksm.Open("red", KsmOpenFlags.Read | KsmOpenFlags.Create | KsmOpenFlags.Exclusive)));
        Assert.Equal(Errno.EACCES, Refused(() => _b.Ksm.Open("red", KsmOpenFlags.Read, by: bob)));
        Assert.Equal(Errno.EBADF, Refused(() => red.Merge(ann, KsmBench.At(0), Page.Size)));
        using var own = _b.Ksm.Open("red", KsmOpenFlags.ReadWrite, by: ann);
        Assert.Equal(Errno.EPERM, Refused(() => own.Merge(bob, KsmBench.At(0), Page.Size)));
        Assert.Equal(Errno.ENOMEM, Refused(() => own.Merge(ann, KsmBench.At(0), Page.Size)));
        Assert.Equal(Errno.EINVAL, Refused(() => own.Merge(ann, KsmBench.At(0), 0)));
        ann.Exit();
        Assert.Equal(Errno.ESRCH, Refused(() => own.Merge(ann, KsmBench.At(0), Page.Size)));
    }

    [Fact]
    public void Control_files_do_what_descriptors_do()
    {
        var control = _b.Machine.Control;
        const string Ksm = "/sys/kernel/mm/ksm/";
        control[Ksm + "control/add_partition"] = "red sync\n";
        var one = Filled(7, 7);
        control[Ksm + "partition/red/trigger_merge"] = $"{one.Id} {KsmBench.At(0):x} {KsmBench.At(2):x}";
        Assert.Equal("1", control[Ksm + "partition/red/pages_sharing"]);
        using var red = _b.Ksm.Open("red", KsmOpenFlags.ReadWrite);
        Assert.Equal(1, red.Partition.Counters.PagesShared);
        Assert.Equal(Errno.EBUSY, Refused(() => control[Ksm + "control/remove_partition"] = "red"));
        control[Ksm + "partition/red/trigger_unmerge"] = $"{one.Id}";
        Assert.Equal("0", control[Ksm + "partition/red/pages_sharing"]);
        Assert.Equal(Errno.EBUSY, Refused(() => control[Ksm + "control/remove_partition"] = "red"));
        control[Ksm + "control/remove_partition"] = "red force";
        Assert.Equal(Errno.EBADF, Refused(() => red.Merge(one, KsmBench.At(0), Page.Size)));
        Assert.Equal(Errno.ENOENT, Refused(() => _ = control[Ksm + "partition/red/pages_sharing"]));
    }

    [Fact]
    public void A_partition_lives_while_it_is_open_or_has_members()
    {
        var one = Filled(7);
        using (var red = _b.Ksm.Open("red", KsmOpenFlags.ReadWrite | KsmOpenFlags.Create))
        {
            red.Merge(one, KsmBench.At(0), Page.Size);
        }

        Assert.Single(_b.Ksm.Partitions);
        one.Exit();
        Assert.Empty(_b.Ksm.Partitions);
    }

    [Fact]
    public void A_scanned_partition_merges_when_its_scanner_comes_by()
    {
        using var red = _b.Ksm.Open("red", KsmOpenFlags.ReadWrite | KsmOpenFlags.Create);
        var (one, two) = (Filled(7), Filled(7));
        red.Merge(one, KsmBench.At(0), Page.Size);
        red.Merge(two, KsmBench.At(0), Page.Size);
        Assert.Equal(0, red.Partition.Counters.PagesShared);
        _b.Machine.Control["/sys/kernel/mm/ksm/partition/red/run"] = "1";
        _b.Machine.Wait(TimeSpan.FromMilliseconds(100));
        Assert.Equal((1, 1), (red.Partition.Counters.PagesShared, red.Partition.Counters.PagesSharing));
    }

    private void Merge(Process process) => process.Madvise(KsmBench.At(0), Page.Size, Advice.Merge);

    private static Errno Refused(Action action) => Assert.Throws<ReflinkException>(action).Error;
}
