using Reflink.Cache;
using Reflink.Cache.Backings;

namespace Reflink.Vm;

/// <summary>
/// Reads swapped pages around one that a fault finds in swap (swap_vma_readahead, mm/swap_state.c). They come into memory without page-table entries and keep
/// their places in swap; the first fault on each finds it there, which is no major fault.
/// </summary>
internal sealed class SwapAround(VmServices vm, Paging paging, ReadBatch batch)
{
    private SwapBacking Swap => vm.Cache.Swap!;

    /// <summary>A fault begins: says which pages are to be read besides its own when its own is in memory. A page that was read ahead is found here, and counted.</summary>
    /// <param name="vma">The mapping.</param>
    /// <param name="page">The page that is faulted in.</param>
    /// <param name="old">Its entry.</param>
    /// <returns>Pages of the mapping, for <see cref="Read"/>; empty: none.</returns>
    public VirtualRange Expect(Vma vma, VirtualPage page, Entry old)
    {
        if (!Swap.ReadsAhead || !TryFind(vma, page, out var block, out var label))
        {
            return default;
        }

        if (vm.Cache.TryPeek(block, label, out var frame))
        {
            Find(vma, page, old, frame);
            return default;
        }

        var largest = SwapReadahead.LargestWindow(Swap.PageCluster, vm.Cache.FrameCount);
        return largest > 1 && Swap.Contains(block) ? vma.Swapped.Miss(page, largest).Intersect(vma.Range).Intersect(TableOf(page)) : default;
    }

    /// <summary>Reads the pages of a window that are in swap and not in memory. If memory is short it stops.</summary>
    /// <param name="process">Whose fault it is.</param>
    /// <param name="vma">The mapping.</param>
    /// <param name="window">Pages of it.</param>
    /// <param name="present">The frame of the page that was faulted in, which stays in memory.</param>
    public void Read(Process process, Vma vma, VirtualRange window, FrameNumber present)
    {
        using var kept = vm.Cache.Leases.Begin(present);
        for (var near = window.Start; near < window.End; near += 1)
        {
            if (TryFind(vma, near, out var block, out var label) && !vm.Cache.TryPeek(block, label, out _) && Swap.Contains(block)
                && !batch.TryAdd(block, new PageUse(label, AccessKind.None, process.Group, process.Node), FrameFlags.Readahead | FrameFlags.InSwap))
            {
                break;
            }
        }

        Swap.NoteAhead(batch.Read());
    }

    // Only pages of the same page table are read.
    private static VirtualRange TableOf(VirtualPage page) => new(new VirtualPage(page.Value & -(long)EntryChunk.Length), EntryChunk.Length);

    private static bool TryFind(Vma vma, VirtualPage page, out BlockNumber block, out PageLabel label)
    {
        var at = vma.PageOf(page);
        var isFilled = vma.IsFilled(at, out block) && block.Kind == BlockKind.Anonymous;
        label = isFilled ? new PageLabel(vma.Private!.Number, at) : default;
        return isFilled;
    }

    // The page is in memory. Unless its entry leads there still, the kernel would find it in the swap cache.
    private void Find(Vma vma, VirtualPage page, Entry old, FrameNumber frame)
    {
        ref var state = ref vm.Cache.Frames[frame];
        if ((state.Flags & FrameFlags.Readahead) != 0)
        {
            state.Flags &= ~FrameFlags.Readahead;
            Swap.NoteHit();
            vm.Cache.Dirty.FirstUsed(frame);
            vma.Swapped.Hit(page);
        }
        else if ((state.Flags & FrameFlags.InSwap) != 0 && !paging.IsRefreshed(vma, old, frame))
        {
            vma.Swapped.Found(page);
        }
    }
}
