using Reflink.Inodes;
using Reflink.Ksm.Sets;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Ksm.Scanning;

/// <summary>
/// Goes over all pages that may be merged, process by process and page by page, in batches (scan_get_next_rmap_item,
/// ksm_do_scan, mm/ksm.c). A pass ends after the last process; a batch never goes beyond it.
/// </summary>
internal sealed class MergeScanner(MergeServices services, MergeDomain domain, AccountId account)
{
    private readonly PageMerger _merger = new(services, domain);
    private readonly ScanAdvisor _advisor = new(domain.Tunables);

    // Where the pass is within the cursor's process: the next page, and the last item passed (0: before the first).
    private VirtualPage _page;
    private int _passed;

    // What is left of the extent that the scanner is in, so that not every page is looked up.
    private Inode? _inode;
    private long _version;
    private Extent _rest;

    // The first extent behind it, where it was needed already; else of no length.
    private Extent _behind;

    public ScanAdvisor Advisor => _advisor;

    /// <summary>Merged pages are about to be gone.</summary>
    public void Dies(BlockNumber first, long count) => _merger.Dies(first, count);

    /// <summary>Looks at up to that many pages, or, if it is <see cref="uint.MaxValue"/> or there are fewer, to the end of the pass.</summary>
    /// <returns>Whether the pass ended.</returns>
    public bool Scan(uint pages)
    {
        using var _ = services.Vm.Meter.As(account);
        var (scans, whole) = (domain.FullScans, pages == uint.MaxValue);
        // Nothing is foreseen from one batch to the next: pages are written between them.
        _merger.Advance();
        for (; pages > 0; pages--)
        {
            var item = Next(whole, out var page);
            if (item == 0)
            {
                break;
            }

            domain.PagesScanned++;
            services.Vm.Meter.Count(WorkKind.PageScanned);
            var known = page.Inode.Map.Version;
            _merger.Advance();
            if (pages > 1)
            {
                Foresee(page.Vma);
            }

            _merger.Visit(item, page);
            if (_version == known && _inode is not null && _inode == page.Vma.Private)
            {
                // What was merged is this page or one before it: what is left of the extent still holds.
                _version = _inode.Map.Version;
            }
        }

        return domain.FullScans != scans;
    }

    /// <summary>Unmerges everything that may be merged and forgets all (unmerge_and_remove_all_rmap_items).</summary>
    public void UnmergeAll()
    {
        using var _ = services.Vm.Meter.As(account);

        // Before anything can fail: the pass goes by items that are forgotten here.
        domain.Cursor = null;
        for (var slot = domain.Slots.First; slot is not null;)
        {
            var next = slot.After;
            if (!slot.IsGone)
            {
                foreach (var vma in slot.Process.Memory.Mappings.Where(v => v.Merging == domain).ToList())
                {
                    Unmerger.Unmerge(services, slot.Process, vma, vma.Range);
                }
            }

            domain.FreeItems(slot, slot.FirstItem);
            slot.FirstItem = 0;
            if (slot.IsGone)
            {
                domain.Drop(slot);
            }

            slot = next;
        }

        domain.ForgetMerged();
        domain.FullScans = 0;
    }

    private int Next(bool whole, out VisitedPage page)
    {
        page = default;
        if (domain.Slots.IsEmpty)
        {
            return 0;
        }

        if (domain.Cursor is null)
        {
            _advisor.PassBegins(services.Clock.Now);
            domain.Unstable.Clear(inOrder: !whole && domain.KeepsOrder);
            Begin(domain.Slots.First);
        }

        while (domain.Cursor is { } slot)
        {
            if (TryNextIn(slot, out var item, out page))
            {
                return item;
            }

            Finish(slot);
        }

        _advisor.PassEnded(services.Clock.Now, TimeUsed?.Invoke() ?? 0);
        domain.FullScans++;
        return 0;
    }

    private long? AlignedPass => domain.Tunables.AlignedSkips ? domain.FullScans + 1 : null;

    /// <summary>Nanoseconds that the scanner used so far.</summary>
    public Func<long>? TimeUsed { get; set; }

    private void Begin(ScanSlot? slot)
    {
        domain.Cursor = slot;
        (_page, _passed, _inode) = (default, 0, null);
    }

    private bool TryNextIn(ScanSlot slot, out int item, out VisitedPage page)
    {
        (item, page) = (0, default);
        var vmas = slot.IsGone ? [] : slot.Process.Memory.Mappings;
        for (var i = slot.Process.Memory.FirstEndingBehind(_page); i < vmas.Count; i++)
        {
            var vma = vmas[i];
            if (vma.Merging != domain)
            {
                continue;
            }

            _page = _page < vma.Start ? vma.Start : _page;
            while (_page < vma.End)
            {
                if (!TryNextPrivate(vma, out var block))
                {
                    _page = vma.End;
                    break;
                }

                var at = _page;
                _page += 1;
                if (!services.Vm.Cache.TryPeek(block, default, out var frame))
                {
                    continue;
                }

                item = ItemOf(slot, at);
                if (domain.Tunables.SmartScan && domain.Stable.FindBlock(block) == 0 && SmartScan.Skips(ref domain.Items[item], AlignedPass))
                {
                    domain.PagesSkipped++;
                    domain.Detach(item);
                    continue;
                }

                page = new VisitedPage(slot.Process, vma, at, block, frame);
                return true;
            }
        }

        return false;
    }

    // The private page behind this one, if it will be looked at.
    private void Foresee(Vma vma)
    {
        if (_page >= vma.End || _inode != vma.Private || _version != _inode!.Map.Version
            || (domain.Tunables.SmartScan && _passed != 0 && domain.Items[_passed].Next is var next && next != 0 && SmartScan.WillSkip(domain.Items[next])))
        {
            return;
        }

        var at = vma.PageOf(_page);
        var block = at < _rest.End ? _rest.BlockAt(at)
            : _behind.Length > 0 || TryFindFrom(_inode, _rest.End, vma.PageOf(vma.End), out _behind) ? _behind.Block : default;
        if (!block.IsZero)
        {
            _merger.Foresee(block);
        }
    }

    // Makes the extent around a page, or the next one, that in which the scanner is.
    private bool TryEnter(Inode own, ref PageIndex at, PageIndex end)
    {
        var isKnown = _inode == own && _version == own.Map.Version && at >= _rest.End && at < _behind.End && _behind.Start < end;
        if (isKnown)
        {
            _rest = _behind;
        }
        else if (!TryFindFrom(own, at, end, out _rest))
        {
            return false;
        }

        (_inode, _version, _behind) = (own, own.Map.Version, default);
        at = at > _rest.Start ? at : _rest.Start;
        return true;
    }

    private static bool TryFindFrom(Inode own, PageIndex at, PageIndex end, out Extent rest)
    {
        rest = default;
        return own.Map.NextMapped(at) is { } mapped && mapped < end && own.Map.TryFind(mapped, out rest);
    }

    // Moves on to the next page of the mapping that has a private block.
    private bool TryNextPrivate(Vma vma, out BlockNumber block)
    {
        block = default;
        if (vma.Private is not { } own)
        {
            return false;
        }

        var at = vma.PageOf(_page);
        var end = vma.PageOf(vma.End);
        while (true)
        {
            if ((_inode != own || _version != own.Map.Version || at < _rest.Start || at >= _rest.End) && !TryEnter(own, ref at, end))
            {
                return false;
            }

            if (!_rest.Block.IsZero)
            {
                break;
            }

            at = _rest.End;
            if (at >= end)
            {
                return false;
            }
        }

        _page = vma.AddressOf(at);
        block = _rest.BlockAt(at);
        return true;
    }

    // The item of a page; those of pages before it that were not met again are forgotten.
    private int ItemOf(ScanSlot slot, VirtualPage page)
    {
        while (NextItem(slot) is var next && next != 0 && domain.Items[next].Page < page)
        {
            domain.FreeAfter(slot, _passed, next);
        }

        return _passed = domain.ItemAt(slot, page, _passed);
    }

    // A process without mergeable mappings, or without memory, leaves the list (scan_get_next_rmap_item's end).
    private void Finish(ScanSlot slot)
    {
        if (slot.IsGone)
        {
            (_page, _passed) = (default, 0);
        }

        var rest = NextItem(slot);
        domain.Link(slot, _passed, 0);
        domain.FreeItems(slot, rest);
        var next = slot.After;
        if (_page == default)
        {
            domain.Drop(slot);
        }

        Begin(next);
    }

    private int NextItem(ScanSlot slot) => _passed == 0 ? slot.FirstItem : domain.Items[_passed].Next;
}
