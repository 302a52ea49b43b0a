using System.IO.Hashing;
using Reflink.Cache;
using Reflink.Files.Pages;
using Reflink.Ksm.Sets;

namespace Reflink.Ksm.Scanning;

/// <summary>
/// What becomes of one visited page (cmp_and_merge_page, mm/ksm.c):
/// <code>
///   already mapped to a merged page ────────────► its item says so
///   changed since the last visit, or new ───────► its item keeps the hash
///   empty, if empty pages are merged ───────────► mapped to the zero page
///   equal to a merged page with room ───────────► mapped to that
///   equal to a waiting page ────────────────────► this page's frame becomes the merged one; the other page is mapped to it
///   otherwise ──────────────────────────────────► waits until the pass ends
/// </code>
/// </summary>
internal sealed class PageMerger(PageCache cache, Ledger ledger, ChangeCounter changes, IClock clock, Meter meter, PinnedPages pins, MergeDomain domain)
{
    private readonly StableSearch _search = new(cache, clock, domain);

    /// <summary>How pages are hashed. It is set before the first page is visited; a test sets a hash that collides.</summary>
    public PageHash Hash { get; set; } = static page => XxHash3.HashToUInt64(page);

    /// <summary>Is told of merged blocks that were just freed. The order of the merged pages is recorded while the bytes can still be read.</summary>
    public void OnMergedFreed(BlockNumber first, long count)
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
    /// Hashes the page that is probably visited next, and has the processor prefetch what will be looked up for it, while the present
    /// page is still being looked at. Bytes do not change while the scanner works through a batch.
    /// </summary>
    public PrehashedPage PrehashNext(BlockNumber block)
    {
        if (domain.Stable.FindBlock(block) != 0 || !cache.TryPeek(block, default, out var frame))
        {
            return default;
        }

        var hash = Hash(cache.Frames.Bytes(frame));
        domain.Stable.Prefetch(hash);
        domain.Unstable.Prefetch(hash);
        return new(block, frame, hash);
    }

    /// <summary>Looks at a page.</summary>
    /// <param name="item">The page's item.</param>
    /// <param name="page">The page.</param>
    /// <param name="prehashed">The page that was expected, with its hash.</param>
    /// <param name="kind">Why the page is looked at.</param>
    public void Visit(int item, in VisitedPage page, in PrehashedPage prehashed = default, VisitKind kind = VisitKind.Scan)
    {
        var node = domain.Stable.FindBlock(page.Block);
        if (node != 0)
        {
            // A fork mapped the page to a merged page: that is noted even if the merged page has no room.
            if (domain.Items[item].State != ItemState.Stable || domain.Items[item].Link != node)
            {
                domain.Detach(item);
                domain.Attach(item, node);
            }

            return;
        }

        domain.Detach(item);
        using var lease = cache.Leases.Begin(page.Frame);
        ReadOnlySpan<byte> bytes = lease.Bytes;
        var hash = prehashed.Block == page.Block && prehashed.Frame == page.Frame ? prehashed.Hash : Hash(bytes);
        ref var record = ref domain.Items[item];
        if (record.Hash != hash)
        {
            record.Hash = hash;
            if (kind == VisitKind.Scan)
            {
                return;
            }
        }

        // If NUMA nodes are kept apart, pages of two nodes count as different.
        record.Node = domain.Tunables.MergeAcrossNodes ? 0 : cache.Allocator.NodeOf(page.Frame);
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
        var place = default(TreePlace);
        var ends = domain.Unstable.Tree.IsKept
            ? TryFindInOrder(page, bytes, out var other, out var otherPage, out place)
            : TryFindByHash(key, page, bytes, kind, out other, out otherPage);
        if (ends)
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
                domain.Unstable.Tree.Insert(item, place);
            }
        }
        else if (!pins.Contains(page.Block))
        {
            ledger.MarkMerged(page.Block);
            domain.Attach(item, _search.Insert(page.Block, key, bytes));
        }
    }

    // Finds a waiting page that is equal. True with 0: the page itself waits already through another mapping, or, for the scanner,
    // the waiting page cannot be read any more; then the visited page does not wait either.
    private bool TryFindByHash(
        ulong key, in VisitedPage page, ReadOnlySpan<byte> bytes, VisitKind kind, out int other, out VisitedPage otherPage)
    {
        otherPage = default;
        for (other = domain.Unstable.First(key, out var at); other != 0; other = domain.Unstable.Next(key, ref at))
        {
            if (domain.Items[other].Key != key)
            {
                continue;
            }

            if (!TryLocate(domain.Items[other], out otherPage))
            {
                if (kind == VisitKind.Scan)
                {
                    other = 0;
                    return true;
                }

                // Without a scanner nobody else removes stale waiters.
                domain.Detach(other);
            }
            else if (otherPage.Block == page.Block)
            {
                other = 0;
                return true;
            }
            else if (bytes.SequenceEqual(cache.Frames.Bytes(otherPage.Frame)) || !changes.Follows(Rule.MergeCompares))
            {
                return true;
            }
        }

        return false;
    }

    // The kernel's way, which compares what the pages hold now (unstable_tree_search_insert). False with the place where the page is to wait.
    private bool TryFindInOrder(in VisitedPage page, ReadOnlySpan<byte> bytes, out int other, out VisitedPage otherPage, out TreePlace place)
    {
        (otherPage, place) = (default, default);
        for (other = domain.Unstable.Tree.Root; other != 0; other = domain.Unstable.Tree.Child(place))
        {
            if (!TryLocate(domain.Items[other], out otherPage) || otherPage.Block == page.Block)
            {
                other = 0;
                return true;
            }

            var order = bytes.SequenceCompareTo(cache.Frames.Bytes(otherPage.Frame));
            if (order == 0)
            {
                return true;
            }

            place = new(other, order > 0);
        }

        return false;
    }

    private void MergeTwo(int item, VisitedPage page, int other, in VisitedPage otherPage)
    {
        if (pins.Contains(page.Block))
        {
            return;
        }

        ledger.MarkMerged(page.Block);
        if (domain.Tunables.FreshSurvivor)
        {
            page.Process.Memory.BreakPage(page.Vma, page.At);
            if (!TryLocate(domain.Items[item], out page))
            {
                return;
            }

            ledger.MarkMerged(page.Block);
        }

        if (!TryMergeInto(page.Block, otherPage))
        {
            // The page would be the only mapping of its merged page: it gets a page of its own again, as in the kernel.
            page.Process.Memory.BreakPage(page.Vma, page.At);
            return;
        }

        domain.Detach(other);

        // Insert may bring pages back into memory, which may evict this one: a fresh survivor is not leased by Visit.
        using var lease = cache.Leases.Begin(page.Frame);
        var node = _search.Insert(page.Block, domain.Items[item].Key, lease.Bytes);
        domain.Attach(other, node);
        domain.Attach(item, node);
    }

    private bool TryMergeInto(BlockNumber kept, in VisitedPage page)
    {
        if (pins.Contains(page.Block) || !ledger.Merge(kept, page.Inode, page.At, page.Block))
        {
            return false;
        }

        var frame = cache.Frames.Zero;
        if (kept.IsZero || cache.TryPeek(kept, default, out frame))
        {
            page.Process.Memory.Reenter(page.Vma, page.Page, frame);
            meter.Tracing?.MergedOnePage(frame, page.Process.Id, page.Page);
        }

        return true;
    }

    // Finds the page of an item, if it is still a private page in memory that may be merged in this domain.
    private bool TryLocate(in RmapItem item, out VisitedPage page)
    {
        page = default;
        var slot = domain.SlotOf(item);
        if (slot.IsGone || slot.Process.Memory.Find(item.Page.Address) is not { } vma || vma.Merging != domain
            || !vma.IsFilled(vma.PageOf(item.Page), out var block) || block.IsZero
            || !cache.TryPeek(block, default, out var frame))
        {
            return false;
        }

        page = new VisitedPage(slot.Process, vma, item.Page, block, frame);
        return true;
    }
}
