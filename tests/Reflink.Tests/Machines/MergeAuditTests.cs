using Reflink.Ksm.Partitions;
using Reflink.Ksm.Sets;
using Reflink.Tests.Ksm;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Machines;

/// <summary>Fsck sees what is remembered wrongly of merged pages, and who is mapped to a page that is not his to see.</summary>
public sealed class MergeAuditTests : IDisposable
{
    private readonly KsmBench _b = new();
    private readonly Process _one;
    private readonly Process _two;

    public MergeAuditTests()
    {
        (_one, _two) = (_b.Spawn(7, 7, 8), _b.Spawn(7, 9));
        _b.Pass(2);
        Assert.Equal("1/2/2/0", _b.Counts);
        Fsck.Require(_b.Machine);
    }

    private MergeDomain Domain => _b.Ksm.Machine.Domain;

    private ScanSlot Slot => Domain.SlotOf(_one)!;

    private ref RmapItem First => ref Domain.Items[Slot.FirstItem];

    [Fact]
    public void A_process_with_more_items_than_it_has()
    {
        Slot.Items++;
        RequireFinding($"{_one} has 3 items, 2 of them merged; counted are 4 and 2");
    }

    [Fact]
    public void A_process_with_fewer_merged_pages_than_it_has()
    {
        Slot.Merging--;
        RequireFinding($"{_one} has 3 items, 2 of them merged; counted are 3 and 1");
    }

    [Fact]
    public void Items_in_the_wrong_order()
    {
        First.Page += 2;
        RequireFinding($"the items of {_one} are not in order at {VirtualPage.Of(KsmBench.At(2))}");
    }

    [Fact]
    public void A_merged_page_with_more_mappings_than_items()
    {
        Domain.Stable[First.Link].Items++;
        RequireFinding($"3 items are mapped to {BlockAt(_one, 0)}, 4 are counted");
    }

    [Fact]
    public void An_item_that_forgot_where_it_stands()
    {
        First.State = ItemState.None;
        RequireFinding("5 items, 1 shared, 1 sharing, 2 unshared; counted are 5, 1, 2, 2");
    }

    [Fact]
    public void An_item_that_waits_and_is_not_counted()
    {
        (First.State, Slot.Merging) = (ItemState.Unstable, 1);
        RequireFinding("1 shared, 1 sharing, 3 unshared; counted are 5, 1, 2, 2");
    }

    [Fact]
    public void An_item_that_no_process_has()
    {
        Domain.Items.Take();
        RequireFinding("5 items, 1 shared, 2 sharing, 2 unshared; counted are 6");
    }

    [Fact]
    public void A_page_that_is_remembered_as_merged_and_may_be_written()
    {
        var item = Domain.Items[First.Next].Next;
        Domain.Detach(item);
        Domain.Attach(item, Domain.Stable.Add(BlockAt(_one, 2), Domain.Items[item].Hash, 0, 0));
        RequireFinding($"{BlockAt(_one, 2)} is remembered as merged and not marked so");
    }

    [Fact]
    public void Memory_in_no_partition_that_is_mapped_to_a_partitions_page()
    {
        using var red = _b.Ksm.Open("red", KsmOpenFlags.ReadWrite | KsmOpenFlags.Create | KsmOpenFlags.Synchronous);
        red.Merge(_two, KsmBench.At(0), 2 * Page.Size);
        Fsck.Require(_b.Machine);
        _two.Memory.Find(KsmBench.At(0))!.Merging = null;
        RequireFinding($"{BlockAt(_two, 0)} is merged in 'red' and mapped by {_two} at {VirtualPage.Of(KsmBench.At(0))}, which is in ''");
    }

    [Fact]
    public void A_partition_that_does_not_know_its_member()
    {
        var stranger = _b.Spawn(1);
        Domain.Drop(Domain.SlotOf(stranger)!);
        RequireFinding($"partition '' has the mapping at {VirtualPage.Of(KsmBench.At(0))} of {stranger}, and does not know {stranger}");
    }

    [Fact]
    public void Members_of_two_partitions_mapped_to_one_page()
    {
        using var red = _b.Ksm.Open("red", KsmOpenFlags.ReadWrite | KsmOpenFlags.Create);
        red.Merge(_one, KsmBench.At(2), Page.Size);
        Fsck.Require(_b.Machine);
        _one.Memory.Find(KsmBench.At(0))!.Merging = red.Partition.Domain;
        RequireFinding($"{BlockAt(_one, 0)} is merged in '' and mapped by {_one} at {VirtualPage.Of(KsmBench.At(0))}, which is in 'red'");
    }

    [Fact]
    public void Brothers_mapped_to_what_one_of_them_has_though_both_inherit()
    {
        const KsmOpenFlags Make = KsmOpenFlags.ReadWrite | KsmOpenFlags.Create | KsmOpenFlags.Synchronous;
        using var all = _b.Ksm.Open("all", Make);
        using var ann = _b.Ksm.Open("all/ann", Make | KsmOpenFlags.Inherit);
        using var bob = _b.Ksm.Open("all/bob", Make | KsmOpenFlags.Inherit);
        ann.Merge(_one, KsmBench.At(0), 3 * Page.Size);
        Fsck.Require(_b.Machine);
        bob.Merge(_two, KsmBench.At(0), 2 * Page.Size);
        Fsck.Require(_b.Machine);
        Assert.NotEqual(BlockAt(_one, 0), BlockAt(_two, 0));
        var child = _one.Fork();
        child.Memory.Find(KsmBench.At(0))!.Merging = bob.Partition.Domain;
        RequireFinding($"{BlockAt(_one, 0)} is merged in 'all/ann' and mapped by {child} at {VirtualPage.Of(KsmBench.At(0))}, which is in 'all/bob'");
    }

    public void Dispose() => _b.Dispose();

    private static BlockNumber BlockAt(Process process, int page)
    {
        var vma = process.Memory.Find(KsmBench.At(page))!;
        Assert.True(vma.IsFilled(vma.PageOf(VirtualPage.Of(KsmBench.At(page))), out var block));
        return block;
    }

    private void RequireFinding(string expected) =>
        Assert.Contains(Fsck.Check(_b.Machine), f => f.Contains(expected, StringComparison.Ordinal));
}
