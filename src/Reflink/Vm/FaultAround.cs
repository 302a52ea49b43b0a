using Reflink.Cache;
using Reflink.Inodes;

namespace Reflink.Vm;

/// <summary>
/// Maps the pages of a file beside one that a load faults in, as far as they are in memory (do_fault_around, mm/memory.c, and
/// next_uptodate_folio, mm/filemap.c): those of the same window of addresses that have no entry yet.
/// </summary>
internal sealed class FaultAround(VmServices vm, Paging paging)
{
    /// <summary>Maps the neighbours of a page, each of which counts as used once; the page itself is left to the fault.</summary>
    /// <param name="process">Whose fault it is.</param>
    /// <param name="entries">Its page table.</param>
    /// <param name="vma">A mapping of a file.</param>
    /// <param name="page">The page that is faulted in.</param>
    /// <param name="kind">How policies are told.</param>
    public void Map(Process process, EntryTable entries, Vma vma, VirtualPage page, AccessKind kind)
    {
        var file = vma.Base!.Reader;
        var window = WindowOf(vma, page);
        for (var near = window.Start; near < window.End; near += 1)
        {
            var at = vma.PageOf(near);
            if (near != page && !HasEntry(vma, near, entries[near]) && TryFind(file, at, out var frame))
            {
                entries[near] = Entry.Of(frame, vm.Changes.Now, writable: false);
                if (vm.References == ReferenceTracking.Harvested)
                {
                    vm.Cache.Lists.Touch(frame, new PageUse(file.Number, at, kind, process.Group));
                }
            }
        }
    }

    // Where the mapping begins in the middle of an aligned window, the window begins there and is as long as ever; it ends with the page table.
    private VirtualRange WindowOf(Vma vma, VirtualPage page)
    {
        var first = Math.Max(page.Value & -(long)vm.FaultAroundPages, vma.Start.Value);
        var last = Math.Min(first + vm.FaultAroundPages, (page.Value | (EntryChunk.Length - 1)) + 1);
        return VirtualRange.Between(new VirtualPage(first), new VirtualPage(last)).Intersect(vma.Range);
    }

    private bool HasEntry(Vma vma, VirtualPage page, Entry entry) =>
        vma.IsFilled(vma.PageOf(page), out _) || paging.LeadsToPresent(vma, page, entry);

    // A page that marks where the next window is to be read ahead is left to a fault of its own.
    private bool TryFind(Inode file, PageIndex at, out FrameNumber frame)
    {
        frame = default;
        return at.Value < file.PageCount && file.Map.TryFindBlock(at, out var block) && !block.IsZero
            && vm.Cache.TryPeek(block, new PageLabel(file.Number, at), out frame)
            && (vm.Cache.Frames[frame].Flags & FrameFlags.Readahead) == 0;
    }
}
