using Reflink.Ksm.Sets;
using Reflink.Units;

namespace Reflink.Ksm.Scanning;

/// <summary>
/// What becomes of one visited page (cmp_and_merge_page, mm/ksm.c):
/// <code>
///   merged already ─────────────────────────────► noted
///   changed since the last visit, or new ───────► remembered with its hash
///   empty, where that is wanted ────────────────► the zero page
///   equal to a merged page with room ───────────► mapped to that
///   equal to a page that waits ─────────────────► this page's frame survives, merged; the other is mapped to it
///   otherwise ──────────────────────────────────► waits until the pass ends
/// </code>
/// </summary>
internal sealed class PageMerger(MergeServices services, MergeDomain domain)
{
    private readonly StableSearch _search = new(services, domain);

    // The page that is visited and the one after it, as far as could be told, and their hashes.
    private (BlockNumber Block, FrameNumber Frame, ulong Hash) _foreseen;
    private (BlockNumber Block, FrameNumber Frame, ulong Hash) _next;

    // Where the last walk among waiting pages ended that found nothing.
    private int _lastParent;
    private bool _lastRight;

    /// <summary>Merged pages are about to be gone. The order of the others is taken down while their bytes are still there.</summary>
    public void Dies(BlockNumber first, long count)
    {
        for (var i = 0L; i < count; i++)
        {
            if (domain.Stable.FindBlock(first + i) != 0)
            {
                _search.KeepOrder();
                domain.Stable.Stale++;
            }
        }
    }

    /// <summary>
    /// Hashes the page that is probably visited next, and has the processor fetch what will be looked up for it, while there is
    /// still this one to be looked at. Bytes do not change while a scanner is at work, and nothing is foreseen beyond its batch.
    /// </summary>
    public void Foresee(BlockNumber block)
    {
        if (domain.Stable.FindBlock(block) == 0 && services.Vm.Cache.TryPeek(block, default, out var frame))
        {
            var hash = services.Hash(services.Vm.Cache.Frames.Bytes(frame));
            domain.Stable.Prefetch(hash);
            domain.Unstable.Prefetch(hash);
            _next = (block, frame, hash);
        }
    }

    /// <summary>What was to be next is now.</summary>
    public void Advance() => (_foreseen, _next) = (_next, default);

    /// <summary>Looks at a page.</summary>
    public void Visit(int item, in VisitedPage page, VisitKind kind = VisitKind.Scan)
    {
        var node = domain.Stable.FindBlock(page.Block);
        if (node != 0)
        {
            // Mapped to a merged page by fork: noted, however many there are.
            if (domain.Items[item].State != ItemState.Stable || domain.Items[item].Link != node)
            {
                domain.Detach(item);
                domain.Attach(item, node);
            }

            return;
        }

        domain.Detach(item);
        using var lease = services.Vm.Cache.Leases.Begin(page.Frame);
        ReadOnlySpan<byte> bytes = lease.Bytes;
        var hash = _foreseen.Block == page.Block && _foreseen.Frame == page.Frame ? _foreseen.Hash : services.Hash(bytes);
        ref var record = ref domain.Items[item];
        if (record.Hash != hash)
        {
            record.Hash = hash;
            if (kind == VisitKind.Scan)
            {
                return;
            }
        }

        // Where nodes are kept apart, pages of two of them are as if they differed.
        record.Node = domain.Tunables.MergeAcrossNodes ? 0 : services.Vm.Cache.NodeOf(page.Frame);
        if (domain.TakesZeroPages(kind) && !bytes.ContainsAnyExcept((byte)0))
        {
            domain.MergedZeroes = true;
            TryMergeInto(BlockNumber.Zero, page);
        }
        else if (_search.Find(record.Key, bytes) is var found && found != 0)
        {
            if (TryMergeInto(domain.Stable[found].Block, page))
            {
                domain.Attach(item, found);
            }
        }
        else
        {
            MergeWithWaiting(item, page, record.Key, bytes, kind);
        }
    }

    private void MergeWithWaiting(int item, in VisitedPage page, ulong key, ReadOnlySpan<byte> bytes, VisitKind kind)
    {
        if (TryFindEqual(key, page, bytes, kind, out var other, out var otherPage))
        {
            if (other != 0)
            {
                MergeTwo(item, page, other, otherPage);
            }
        }
        else if (kind != VisitKind.Protect && !(kind == VisitKind.Scan && domain.Tunables.FakeMerging))
        {
            domain.Await(item);
            if (domain.Unstable.Tree.IsKept)
            {
                domain.Unstable.Tree.Insert(item, _lastParent, _lastRight);
            }
        }
        else if (!services.Pins.Contains(page.Block))
        {
            services.Vm.Ledger.MarkMerged(page.Block);
            domain.Attach(item, _search.Insert(page.Block, key, bytes));
        }
    }

    // A page that waits and is equal. Found but none: the page itself waits already through another mapping, or, for the scanner,
    // what waits went away meanwhile; then this page does not wait either.
    private bool TryFindEqual(
        ulong key, in VisitedPage page, ReadOnlySpan<byte> bytes, VisitKind kind, out int other, out VisitedPage otherPage)
    {
        otherPage = default;
        if (domain.Unstable.Tree.IsKept)
        {
            return TryFindInOrder(page, bytes, out other, out otherPage);
        }

        for (int at = domain.Unstable.First(key), next; at != 0; at = next)
        {
            next = domain.Items[at].Link;
            if (domain.Items[at].Key != key)
            {
                continue;
            }

            other = at;
            if (!TryLocate(domain.Items[at], out otherPage))
            {
                if (kind == VisitKind.Scan)
                {
                    other = 0;
                    return true;
                }

                // Nobody goes over what waits for somebody to ask.
                domain.Detach(at);
            }
            else if (otherPage.Block == page.Block)
            {
                other = 0;
                return true;
            }
            else if (bytes.SequenceEqual(services.Vm.Cache.Frames.Bytes(otherPage.Frame)) || !services.Vm.Changes.Follows(Rule.MergeCompares))
            {
                return true;
            }
        }

        other = 0;
        return false;
    }

    // The kernel's way, which goes by what the pages hold now (unstable_tree_search_insert).
    private bool TryFindInOrder(in VisitedPage page, ReadOnlySpan<byte> bytes, out int other, out VisitedPage otherPage)
    {
        (_lastParent, _lastRight, otherPage) = (0, false, default);
        for (other = domain.Unstable.Tree.Root; other != 0; other = domain.Unstable.Tree.Child(other, _lastRight))
        {
            if (!TryLocate(domain.Items[other], out otherPage) || otherPage.Block == page.Block)
            {
                other = 0;
                return true;
            }

            var order = bytes.SequenceCompareTo(services.Vm.Cache.Frames.Bytes(otherPage.Frame));
            if (order == 0)
            {
                return true;
            }

            (_lastParent, _lastRight) = (other, order > 0);
        }

        return false;
    }

    private void MergeTwo(int item, VisitedPage page, int other, in VisitedPage otherPage)
    {
        if (services.Pins.Contains(page.Block))
        {
            return;
        }

        services.Vm.Ledger.MarkMerged(page.Block);
        if (domain.Tunables.FreshSurvivor)
        {
            page.Process.Memory.BreakPage(page.Vma, page.At);
            if (!TryLocate(domain.Items[item], out page))
            {
                return;
            }

            services.Vm.Ledger.MarkMerged(page.Block);
        }

        if (!TryMergeInto(page.Block, otherPage))
        {
            // Alone with its merged page: broken again, as in the kernel.
            page.Process.Memory.BreakPage(page.Vma, page.At);
            return;
        }

        domain.Detach(other);

        // The search may bring pages back into memory, and a fresh survivor is held by nobody.
        using var lease = services.Vm.Cache.Leases.Begin(page.Frame);
        var node = _search.Insert(page.Block, domain.Items[item].Key, lease.Bytes);
        domain.Attach(other, node);
        domain.Attach(item, node);
    }

    private bool TryMergeInto(BlockNumber kept, in VisitedPage page)
    {
        if (services.Pins.Contains(page.Block) || !services.Vm.Ledger.Merge(kept, page.Inode, page.At, page.Block))
        {
            return false;
        }

        var frame = services.Vm.Cache.Frames.Zero;
        if (kept.IsZero || services.Vm.Cache.TryPeek(kept, default, out frame))
        {
            page.Process.Memory.Reenter(page.Vma, page.Page, frame);
        }

        return true;
    }

    /// <summary>Where an item's page is now, if it still is a private page in memory that may be merged here.</summary>
    private bool TryLocate(in RmapItem item, out VisitedPage page)
    {
        page = default;
        var slot = domain.SlotOf(item);
        if (slot.IsGone || slot.Process.Memory.Find(item.Page.Address) is not { } vma || vma.Merging != domain
            || !vma.IsFilled(vma.PageOf(item.Page), out var block) || block.IsZero
            || !services.Vm.Cache.TryPeek(block, default, out var frame))
        {
            return false;
        }

        page = new VisitedPage(slot.Process, vma, item.Page, block, frame);
        return true;
    }
}
