using Reflink.Cache;
using Reflink.Ksm.Sets;
using Reflink.Space;
using Reflink.Vm;

namespace Reflink.Ksm.Scanning;

/// <summary>
/// Merges on request, without a scanner and without waiting until a page has stopped changing (MADV_MERGE and ksm_merge(): "SKSM" and
/// "Selective KSM", LKML February and March 2025). Pages that are written later stay apart until the next request.
/// </summary>
internal sealed class RangeMerger(PageCache cache, BlockSpace space, Meter meter, PinnedPages pins, PageMerger merger, MergeDomain domain)
{
    /// <summary>Merges the private pages of a range whose mappings are in the domain; the caller is charged.</summary>
    public MergeResult Merge(Process process, VirtualRange range, MergeFlags flags)
    {
        var kind = (flags & MergeFlags.Lazy) != 0 ? VisitKind.Lazy : VisitKind.Protect;
        SweepGone();
        var result = default(MergeResult);
        foreach (var vma in process.Memory.Overlapping(range).Where(v => v.Merging == domain))
        {
            var part = vma.Range.Intersect(range);
            var before = 0;
            for (var at = NextPrivate(vma, part); at is { } page; at = NextPrivate(vma, VirtualRange.Between(page + 1, part.End)))
            {
                result = Visit(process, vma, page, kind, ref before, result);
            }

            result = result with { Bytes = result.Bytes + (part.Length << Page.Shift) };
        }

        return result;
    }

    /// <summary>Frees the items of pages that were written, unmapped or unmerged since: without a scanner nobody else does.</summary>
    public void Sweep()
    {
        for (var slot = domain.Slots.First; slot is not null;)
        {
            var next = slot.After;
            SweepSlot(slot);
            if (slot.FirstItem == 0 && !slot.Process.Memory.Mappings.Any(v => !slot.IsGone && v.Merging == domain))
            {
                domain.Drop(slot);
            }

            slot = next;
        }
    }

    // Slots of processes that exited are at the front of the list. A scanner drops them itself.
    private void SweepGone()
    {
        while (!domain.IsScanned && domain.Slots.First is { IsGone: true } gone)
        {
            SweepSlot(gone);
            domain.Drop(gone);
        }
    }

    private MergeResult Visit(Process process, Vma vma, VirtualPage at, VisitKind kind, ref int before, MergeResult result)
    {
        vma.IsFilled(vma.PageOf(at), out var block);
        if (block.IsZero || !cache.TryPeek(block, default, out var frame))
        {
            return result;
        }

        meter.Count(WorkKind.PageScanned);
        var item = before = domain.ItemAt(domain.SlotOf(process)!, at, before);
        var shared = domain.Items[item].State == ItemState.Stable && space.Owners(block) > 1;
        merger.Visit(item, new VisitedPage(process, vma, at, block, frame), kind: kind);
        vma.IsFilled(vma.PageOf(at), out var now);
        if (now.IsZero || (space.IsMerged(now) && space.Owners(now) > 1))
        {
            return shared ? result : result with { Merged = result.Merged + 1 };
        }

        return pins.Contains(block)
            ? result with { Pinned = result.Pinned + 1 }
            : result with { Waiting = result.Waiting + 1 };
    }

    private void SweepSlot(ScanSlot slot)
    {
        var before = 0;
        for (var item = slot.FirstItem; item != 0;)
        {
            ref var record = ref domain.Items[item];
            var next = record.Next;
            if (!IsCurrent(slot, record))
            {
                domain.FreeAfter(slot, before, item);
            }
            else
            {
                before = item;
            }

            item = next;
        }
    }

    private bool IsCurrent(ScanSlot slot, in RmapItem item) =>
        !slot.IsGone && slot.Process.Memory.Find(item.Page.Address) is { } vma && vma.Merging == domain
        && vma.IsFilled(vma.PageOf(item.Page), out var block)
        && (item.State == ItemState.Unstable
            ? cache.TryPeek(block, default, out _)
            : item.State == ItemState.Stable && domain.Stable[item.Link].Block == block);

    private static VirtualPage? NextPrivate(Vma vma, VirtualRange range) =>
        !range.IsEmpty && vma.Private?.Map.NextMapped(vma.PageOf(range.Start)) is { } at && vma.AddressOf(at) is var page && page < range.End
            ? page
            : null;
}
