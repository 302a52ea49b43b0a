using Reflink.Ksm.Controls;
using Reflink.Space;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Ksm.Sets;

/// <summary>
/// A set of mappings whose equal pages may be merged with each other and with no others: the whole machine's, as in Linux, or a
/// partition's. It owns what is remembered of pages (<see cref="RmapItem"/>), the merged pages and those that wait, and the counters.
/// A mapping belongs to the domain that its <see cref="Vma.Merging"/> names.
/// </summary>
internal sealed class MergeDomain : IMergeScope
{
    private readonly List<ScanSlot?> _slots = [null];
    private readonly Dictionary<Process, ScanSlot> _slotOf = [];

    public MergeDomain(string name, BlockSpace space, IClock clock, bool isScanned, MergeDomain? inherited = null)
    {
        (Name, IsScanned, Inherited) = (name, isScanned, inherited);
        Items = new RecordPool<RmapItem>();
        Stable = new StableSet(space, clock, isScanned);
        Unstable = new UnstableSet(Items);
        Tunables = new KsmTunables { IsMerged = () => PagesShared > 0, Forget = ForgetMerged };
        Stable.MaxPageSharing = () => Tunables.MaxPageSharing;
    }

    /// <summary>The partition's name; empty for the machine's own domain.</summary>
    public string Name { get; }

    /// <summary>Whether a scanner goes over it; if not, pages are merged when somebody asks, and only then.</summary>
    public bool IsScanned { get; }

    /// <summary>The domain whose merged pages this one's may be mapped to as well.</summary>
    public MergeDomain? Inherited { get; }

    public KsmTunables Tunables { get; }

    public RecordPool<RmapItem> Items { get; }

    public StableSet Stable { get; }

    public UnstableSet Unstable { get; }

    /// <summary>The slots in scan order.</summary>
    public SlotList Slots { get; } = new();

    /// <summary>The slot that is scanned now or next; null between two passes.</summary>
    public ScanSlot? Cursor { get; set; }

    public long PagesShared { get; private set; }

    public long PagesSharing { get; private set; }

    public long PagesUnshared { get; private set; }

    public long PagesScanned { get; set; }

    public long PagesSkipped { get; set; }

    public long FullScans { get; set; }

    /// <summary>Whether any page was ever mapped to the zero page; if not, there are none to be counted.</summary>
    public bool MergedZeroes { get; set; }

    /// <summary>Bytes that the domain keeps for what it remembers.</summary>
    public long MetadataBytes => Items.Bytes + Stable.Bytes + Unstable.Bytes;

    /// <summary>Whether pages are kept in the kernel's order where that shows. Not where nodes are kept apart, each with trees of its own.</summary>
    public bool KeepsOrder => Tunables.MergeAcrossNodes;

    /// <summary>Whether an empty page becomes the zero page: where that is set, and always where somebody asked, as in the proposal.</summary>
    public bool TakesZeroPages(VisitKind kind) => kind != VisitKind.Scan || Tunables.UseZeroPages;

    /// <summary>The process's slot, if it has one.</summary>
    public ScanSlot? SlotOf(Process process) => _slotOf.GetValueOrDefault(process);

    /// <summary>The slot of an item.</summary>
    public ScanSlot SlotOf(in RmapItem item) => _slots[item.Slot]!;

    /// <summary>Has a process scanned, behind all others of this pass; while everything is being unmerged, at the end (__ksm_enter).</summary>
    public void Enter(Process process, bool atEnd)
    {
        if (_slotOf.ContainsKey(process))
        {
            return;
        }

        var number = _slots.IndexOf(null, 1);
        if (number < 0)
        {
            number = _slots.Count;
            _slots.Add(null);
        }

        var slot = new ScanSlot(number, process);
        _slots[number] = slot;
        _slotOf.Add(process, slot);
        Slots.AddBefore(slot, atEnd ? null : Cursor);
    }

    /// <summary>A process's memory is gone: its slot goes now, or, if something is remembered, when the scanner meets it next (__ksm_exit).</summary>
    public void Leave(Process process)
    {
        if (!_slotOf.Remove(process, out var slot))
        {
            return;
        }

        slot.IsGone = true;
        if (slot == Cursor)
        {
            return;
        }

        Slots.Remove(slot);
        if (slot.FirstItem == 0)
        {
            _slots[slot.Number] = null;
        }
        else
        {
            Slots.AddAfter(slot, Cursor);
        }
    }

    /// <summary>Takes a slot out of the list for good; nothing is remembered of its pages any more.</summary>
    public void Drop(ScanSlot slot)
    {
        Invariant.Check(slot.FirstItem == 0);
        Slots.Remove(slot);
        _slots[slot.Number] = null;
        if (_slotOf.GetValueOrDefault(slot.Process) == slot)
        {
            _slotOf.Remove(slot.Process);
        }
    }

    /// <summary>Forgets a slot's items from <paramref name="first"/> on (remove_trailing_rmap_items); the caller unlinks them.</summary>
    public void FreeItems(ScanSlot slot, int first)
    {
        while (first != 0)
        {
            var next = Items[first].Next;
            Free(slot, first);
            first = next;
        }
    }

    /// <summary>The item of a page, made if there is none; <paramref name="before"/> is an item of a lower page, or 0.</summary>
    public int ItemAt(ScanSlot slot, VirtualPage page, int before)
    {
        var next = before == 0 ? slot.FirstItem : Items[before].Next;
        while (next != 0 && Items[next].Page < page)
        {
            (before, next) = (next, Items[next].Next);
        }

        if (next == 0 || Items[next].Page != page)
        {
            next = NewItem(slot, page, next);
            Link(slot, before, next);
        }

        return next;
    }

    /// <summary>Forgets the item that follows <paramref name="before"/> (0: the slot's first).</summary>
    public void FreeAfter(ScanSlot slot, int before, int item)
    {
        Link(slot, before, Items[item].Next);
        Free(slot, item);
    }

    /// <summary>Makes an item the one that follows <paramref name="before"/> (0: the slot's first).</summary>
    public void Link(ScanSlot slot, int before, int item)
    {
        if (before == 0)
        {
            slot.FirstItem = item;
        }
        else
        {
            Items[before].Next = item;
        }
    }

    public int NewItem(ScanSlot slot, VirtualPage page, int next)
    {
        var item = Items.Take();
        ref var record = ref Items[item];
        (record.Page, record.Next, record.Slot) = (page, next, slot.Number);
        slot.Items++;
        return item;
    }

    public void Free(ScanSlot slot, int item)
    {
        Detach(item);
        Items.Free(item);
        slot.Items--;
    }

    /// <summary>How many of a slot's pages are mapped to merged ones. Those of a page found to be gone do not count from then on.</summary>
    public long MergingOf(ScanSlot slot)
    {
        var merging = slot.Merging;
        for (var item = Stable.Buried > 0 ? slot.FirstItem : 0; item != 0; item = Items[item].Next)
        {
            merging -= Items[item].State == ItemState.Stable && Stable[Items[item].Link].IsBuried ? 1 : 0;
        }

        return merging;
    }

    /// <summary>Notes that a page is mapped to a merged one (stable_tree_append).</summary>
    public void Attach(int item, int node)
    {
        ref var record = ref Items[item];
        Invariant.Check(record.State == ItemState.None);
        (record.State, record.Link) = (ItemState.Stable, node);
        SlotOf(record).Merging++;
        Count(++Stable[node].Items > 1 || Stable[node].IsInherited, 1);
        Stable.Weigh(node);
    }

    /// <summary>Has a page wait for an equal one.</summary>
    public void Await(int item)
    {
        ref var record = ref Items[item];
        Invariant.Check(record.State == ItemState.None);
        (record.State, record.Generation) = (ItemState.Unstable, Unstable.Generation);
        Unstable.Add(item);
        PagesUnshared++;
    }

    /// <summary>Takes a page out of the set that it stands in (remove_rmap_item_from_tree).</summary>
    public void Detach(int item)
    {
        ref var record = ref Items[item];
        if (record.State == ItemState.Unstable)
        {
            // Those of the last pass were forgotten when this one began, and not before.
            if (record.Generation == Unstable.Generation)
            {
                Unstable.Remove(item);
            }

            PagesUnshared--;
        }
        else if (record.State == ItemState.Stable)
        {
            var node = record.Link;
            if (!Stable[node].IsBuried && !Stable.IsAlive(node))
            {
                Bury(node);
            }

            SlotOf(record).Merging--;
            var left = --Stable[node].Items;
            if (Stable[node].IsBuried)
            {
                Stable.FreeIfUnused(node);
            }
            else
            {
                Count(left > 0 || Stable[node].IsInherited, -1);
                Stable.Weigh(node);
                if (left == 0 && Stable[node].IsInherited)
                {
                    Stable.Remove(node);
                }
            }
        }

        record.State = ItemState.None;
    }

    /// <summary>
    /// A merged page is found to be gone: it counts no more, and no search finds it (remove_node_from_stable_tree). Its items
    /// learn of it when they are visited.
    /// </summary>
    public void Bury(int node)
    {
        var items = Stable[node].Items;
        if (Stable[node].IsInherited)
        {
            PagesSharing -= items;
        }
        else if (items > 0)
        {
            PagesShared--;
            PagesSharing -= items - 1;
        }

        Stable.Remove(node);
    }

    // Every mapping of a page but one is saved; of another domain's page, every one.
    private void Count(bool isSaving, int step)
    {
        if (isSaving)
        {
            PagesSharing += step;
        }
        else
        {
            PagesShared += step;
        }
    }

    /// <summary>Drops all nodes, whose items are gone (remove_all_stable_nodes).</summary>
    public void ForgetMerged()
    {
        foreach (var entry in Stable.Entries())
        {
            while (Stable[entry].IsChain && Stable[entry].NextDup is var dup and not 0)
            {
                Bury(dup);
            }

            if (Stable[entry].IsChain)
            {
                Stable.RemoveChain(entry);
            }
            else
            {
                Bury(entry);
            }
        }
    }

    public KsmCounters Counters(long zeroPages)
    {
        var unvisited = Items.Count - PagesShared - PagesSharing - PagesUnshared;
        return new(
            PagesShared, PagesSharing, PagesUnshared, Math.Max(0, unvisited), PagesScanned, PagesSkipped, FullScans,
            Stable.Chains, Stable.Dups, zeroPages, Items.Count);
    }
}
