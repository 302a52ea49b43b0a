using Reflink.Cache;
using Reflink.Inodes;
using Reflink.Ksm.Sets;
using Reflink.Vm;

namespace Reflink.Ksm.Scanning;

/// <summary>
/// Goes over all pages that may be merged, process by process and page by page, in batches (scan_get_next_rmap_item,
/// ksm_do_scan, mm/ksm.c). A pass ends after the last process, and a batch ends with the pass at the latest.
/// </summary>
internal sealed class MergeScanner(PageCache cache, Meter meter, IClock clock, PageMerger merger, MergeDomain domain, AccountId account, Func<AccountId, long> timeOf)
{

    // Where the pass is within the cursor's process: the next page, and the last item passed (0: before the first).
    private VirtualPage _page;
    private int _passed;

    // The rest of the extent that the scanner is in, so that not every page is looked up, with the inode and the version of its map.
    private Inode? _inode;
    private long _version;
    private Extent _rest;

    // The extent that follows it, if that was looked up already; otherwise empty.
    private Extent _behind;

    /// <summary>The account that is charged for the scanner's work.</summary>
    public AccountId Account => account;

    /// <summary>What sets the pages of a batch.</summary>
    public ScanAdvisor Advisor { get; } = new(domain.Tunables);

    /// <summary>Looks at everything up to the end of the pass.</summary>
    /// <returns>Whether a pass ended; there is none without processes that may be merged.</returns>
    public bool Pass() => Scan(uint.MaxValue);

    /// <summary>Looks at up to <paramref name="pages"/> pages, or, if it is <see cref="uint.MaxValue"/> or there are fewer, to the end of the pass.</summary>
    /// <returns>Whether the pass ended.</returns>
    public bool Scan(uint pages)
    {
        using var _ = meter.As(account);
        var (scans, keepsOrder) = (domain.FullScans, pages != uint.MaxValue && domain.KeepsOrder);
        var expected = default(PrehashedPage);
        for (; pages > 0; pages--)
        {
            var item = Next(keepsOrder, out var page);
            if (item == 0)
            {
                break;
            }

            domain.PagesScanned++;
            meter.Count(WorkKind.PageScanned);
            var known = page.Inode.Map.Version;
            var next = pages > 1 ? PrehashNext(page.Vma) : default;
            merger.Visit(item, page, expected);
            expected = next;
            if (_version == known && _inode is not null && _inode == page.Vma.Private)
            {
                // Only pages already passed were remapped, so the rest of the extent is still right.
                _version = _inode.Map.Version;
            }
        }

        return domain.FullScans != scans;
    }

    /// <summary>Unmerges all pages of the domain and frees all items (unmerge_and_remove_all_rmap_items).</summary>
    /// <exception cref="ReflinkException">ENOMEM or EIO: some pages are still merged.</exception>
    public void UnmergeAll(Unmerger unmerger)
    {
        using var _ = meter.As(account);

        // The pass is given up before anything can fail: it refers to items that are freed here.
        domain.Cursor = null;
        for (var slot = domain.Slots.First; slot is not null;)
        {
            var next = slot.After;
            if (!slot.IsGone)
            {
                foreach (var vma in slot.Process.Memory.Mappings.Where(v => v.Merging == domain).ToList())
                {
                    unmerger.Unmerge(slot.Process, vma, vma.Range);
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

    private int Next(bool keepsOrder, out VisitedPage page)
    {
        page = default;
        if (domain.Slots.IsEmpty)
        {
            return 0;
        }

        if (domain.Cursor is null)
        {
            Advisor.PassBegins(clock.Now);
            domain.Unstable.Clear();
            domain.Unstable.Tree.IsKept = keepsOrder;
            Begin(domain.Slots.First);
            meter.Tracing?.ScanStarts(domain.FullScans, domain.Items.Count);
        }

        while (domain.Cursor is { } slot)
        {
            if (TryNextIn(slot, out var item, out page))
            {
                return item;
            }

            Finish(slot);
        }

        Advisor.PassEnded(clock.Now, timeOf(account));
        meter.Tracing?.ScanStops(domain.FullScans, domain.Items.Count);
        domain.FullScans++;
        return 0;
    }

    private long? AlignedPass => domain.Tunables.AlignedSkips ? domain.FullScans + 1 : null;

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
                if (!cache.TryPeek(block, default, out var frame))
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

    // Hashes the private page behind this one, if it will be looked at.
    private PrehashedPage PrehashNext(Vma vma)
    {
        if (_page >= vma.End || _inode != vma.Private || _version != _inode!.Map.Version
            || (domain.Tunables.SmartScan && _passed != 0 && domain.Items[_passed].Next is var next && next != 0 && SmartScan.WillSkip(domain.Items[next])))
        {
            return default;
        }

        var at = vma.PageOf(_page);
        var block = at < _rest.End ? _rest.BlockAt(at)
            : _behind.Length > 0 || TryFindFrom(_inode, _rest.End, vma.PageOf(vma.End), out _behind) ? _behind.Block : default;
        return block.IsZero ? default : merger.PrehashNext(block);
    }

    // Enters the extent that holds a page, or else the one that follows.
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

    // The item of a page. Items of pages before it, which were not met again, are freed.
    private int ItemOf(ScanSlot slot, VirtualPage page)
    {
        while (NextItem(slot) is var next && next != 0 && domain.Items[next].Page < page)
        {
            domain.FreeAfter(slot, _passed, next);
        }

        return _passed = domain.ItemAt(slot, page, _passed);
    }

    // Ends the visit of a process. One without mergeable mappings, or without memory, leaves the list (the end of scan_get_next_rmap_item).
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
