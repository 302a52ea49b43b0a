using Reflink.Ksm.Controls;
using Reflink.Space;
using Reflink.Vm;

namespace Reflink.Ksm.Sets;

/// <summary>
/// A set of mappings whose equal pages may be merged with each other and with no others: those of the whole machine, as in Linux, or
/// those of a partition. It owns what is remembered of pages (<see cref="RmapItem"/>), the sets of merged and of waiting pages, and the
/// counters. A mapping belongs to the domain that its <see cref="Vma.Merging"/> names.
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

    /// <summary>Whether a scanner visits the pages; if not, pages are merged on request only.</summary>
    public bool IsScanned { get; }

    /// <summary>The domain whose merged pages may also be mapped by the members of this one; null: none.</summary>
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

    /// <summary>Whether any page was ever mapped to the zero page; if not, counting them is not needed.</summary>
    public bool MergedZeroes { get; set; }

    /// <summary>Bytes of memory that the records of the domain take.</summary>
    public long MetadataBytes => Items.Bytes + Stable.Bytes + Unstable.Bytes;

    /// <summary>Whether pages are kept in the kernel's order while that shows. They are not if NUMA nodes are kept apart, for which the kernel has a tree each.</summary>
    public bool KeepsOrder => Tunables.MergeAcrossNodes;

    /// <summary>Whether an empty page becomes the zero page: for the scanner if that is set, on request always, as in the proposal.</summary>
    public bool TakesZeroPages(VisitKind kind) => kind != VisitKind.Scan || Tunables.UseZeroPages;

    /// <summary>The process's slot, if it has one.</summary>
    public ScanSlot? SlotOf(Process process) => _slotOf.GetValueOrDefault(process);

    /// <summary>The slot of an item.</summary>
    public ScanSlot SlotOf(in RmapItem item) => _slots[item.Slot]!;

    /// <summary>
    /// Gives a process a slot before another one: before the cursor, so that this pass visits it last, or, while everything is being
    /// unmerged, at the end of the list (null; __ksm_enter).
    /// </summary>
    public void Enter(Process process, ScanSlot? before)
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
        Slots.AddBefore(slot, before);
    }

    /// <summary>Takes note that a process's memory was freed: its slot is dropped now or, if it has items, when the scanner meets it next (__ksm_exit).</summary>
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

    /// <summary>Takes a slot without items out of the list for good.</summary>
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

    /// <summary>Frees the items of a slot from <paramref name="first"/> on (remove_trailing_rmap_items); the caller unlinks them.</summary>
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

    /// <summary>Frees the item that follows <paramref name="before"/> (0: the slot's first).</summary>
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

    /// <summary>How many pages of a slot are mapped to merged pages. Mappings of a retired node do not count.</summary>
    public long MergingOf(ScanSlot slot)
    {
        var merging = slot.Merging;
        for (var item = Stable.Retired > 0 ? slot.FirstItem : 0; item != 0; item = Items[item].Next)
        {
            merging -= Items[item].State == ItemState.Stable && Stable[Items[item].Link].IsRetired ? 1 : 0;
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
        CountMapping(++Stable[node].Items == 1, node, 1);
        Stable.RecheckChainOf(node);
    }

    /// <summary>Puts a page among those that wait for an equal one.</summary>
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
            // The items of the last pass left the set when this pass began.
            if (record.Generation == Unstable.Generation)
            {
                Unstable.Remove(item);
            }

            PagesUnshared--;
        }
        else if (record.State == ItemState.Stable)
        {
            var node = record.Link;
            if (!Stable[node].IsRetired && !Stable.IsAlive(node))
            {
                Retire(node);
            }

            SlotOf(record).Merging--;
            var left = --Stable[node].Items;
            if (Stable[node].IsRetired)
            {
                Stable.FreeIfUnused(node);
            }
            else
            {
                CountMapping(left == 0, node, -1);
                Stable.RecheckChainOf(node);
                if (left == 0 && Stable[node].IsInherited)
                {
                    Stable.Remove(node);
                }
            }
        }

        record.State = ItemState.None;
    }

    /// <summary>
    /// Retires the node of a merged page that was freed: it no longer counts, and no search finds it (remove_node_from_stable_tree).
    /// Its items are detached when they are visited.
    /// </summary>
    public void Retire(int node)
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

    // Every mapping of a page but one saves a page; of a page that belongs to another domain, every one does.
    private void CountMapping(bool isOnly, int node, int step)
    {
        if (isOnly && !Stable[node].IsInherited)
        {
            PagesShared += step;
        }
        else
        {
            PagesSharing += step;
        }
    }

    /// <summary>Retires all nodes; no items are left (remove_all_stable_nodes).</summary>
    public void ForgetMerged()
    {
        foreach (var entry in Stable.Entries())
        {
            while (Stable[entry].IsChain && Stable[entry].NextDup is var dup and not 0)
            {
                Retire(dup);
            }

            if (Stable[entry].IsChain)
            {
                Stable.RemoveChain(entry);
            }
            else
            {
                Retire(entry);
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
