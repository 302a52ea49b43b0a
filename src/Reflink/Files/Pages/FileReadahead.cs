using System.Runtime.CompilerServices;
using Reflink.Cache;
using Reflink.Cache.Backings;
using Reflink.Inodes;

namespace Reflink.Files.Pages;

/// <summary>
/// Reads pages of files ahead of a sequential reader. It reads only stored blocks that have no frame, never holes or derived
/// blocks, and a page that is made without reading is no reason to. If memory is short it stops, so readahead never makes a read fail.
/// </summary>
/// <param name="cache">Where the pages go.</param>
/// <param name="batch">Reads many pages in one call.</param>
/// <param name="maxWindow">The largest window, in pages; 0: nothing is read ahead.</param>
internal sealed class FileReadahead(PageCache cache, ReadBatch batch, int maxWindow)
{
    /// <summary>Reads what is expected to be wanted next, after a page was read.</summary>
    /// <param name="state">The open file's.</param>
    /// <param name="inode">The file.</param>
    /// <param name="use">The page that was read, and how.</param>
    /// <param name="frame">Its frame, which stays in memory.</param>
    /// <param name="result">What it took.</param>
    /// <param name="requested">Pages that the caller wants from there on, this one among them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AfterRead(Readahead state, Inode inode, in PageUse use, FrameNumber frame, CacheResult result, long requested)
    {
        var isMissed = result == CacheResult.Read;
        if (isMissed || (cache.Frames[frame].Flags & FrameFlags.Readahead) != 0)
        {
            ReadOn(state, inode, use, frame, isMissed, requested);
        }
    }

    /// <summary>Reads what is expected to be wanted next, after a load or store through a mapping faulted (filemap_fault, mm/filemap.c).</summary>
    /// <param name="state">The mapping's.</param>
    /// <param name="inode">The file.</param>
    /// <param name="use">The page, and how it is used.</param>
    /// <param name="frame">Its frame, which stays in memory.</param>
    /// <param name="result">What it took.</param>
    public void AfterFault(Readahead state, Inode inode, in PageUse use, FrameNumber frame, CacheResult result)
    {
        var page = use.Label.Page;
        if (result == CacheResult.Read)
        {
            var window = state.IsSequential ? state.Miss(page, maxWindow, maxWindow, new Resident(cache, inode)) : state.Around(page, maxWindow);
            Bring(inode, window.ClipTo(inode.PageCount), use, frame);
            return;
        }

        state.Found();
        if ((cache.Frames[frame].Flags & FrameFlags.Readahead) != 0)
        {
            cache.Frames[frame].Flags &= ~FrameFlags.Readahead;
            Bring(inode, state.Marked(page, maxWindow, maxWindow, new Resident(cache, inode)).ClipTo(inode.PageCount), use, frame);
        }
    }

    private void ReadOn(Readahead state, Inode inode, in PageUse use, FrameNumber frame, bool isMissed, long requested)
    {
        if (maxWindow == 0)
        {
            return;
        }

        var page = use.Label.Page;
        var isMarked = (cache.Frames[frame].Flags & FrameFlags.Readahead) != 0;
        if (isMissed)
        {
            var window = state.Miss(page, requested, maxWindow, new Resident(cache, inode)).ClipTo(inode.PageCount);
            isMarked |= window.IsMark(page);
            Bring(inode, window, use, frame);
        }

        if (isMarked)
        {
            cache.Frames[frame].Flags &= ~FrameFlags.Readahead;
            var window = state.Marked(page, requested, maxWindow, new Resident(cache, inode)).ClipTo(inode.PageCount);
            Bring(inode, window, use, frame);
        }
    }

    private void Bring(Inode inode, ReadaheadWindow window, in PageUse use, FrameNumber present)
    {
        if (window.Pages.IsEmpty)
        {
            return;
        }

        using var kept = cache.Leases.Begin(present);
        foreach (var extent in inode.Map.Extents(window.Pages))
        {
            if (cache.IsReadAhead(extent.Block) && !TryAdd(inode, extent, window, use))
            {
                break;
            }
        }

        _ = batch.Read();
    }

    private bool TryAdd(Inode inode, Extent extent, ReadaheadWindow window, in PageUse use)
    {
        for (var page = extent.Start; page < extent.End; page += 1)
        {
            var flags = window.IsMark(page) ? FrameFlags.Readahead : FrameFlags.None;
            if (!batch.TryAdd(extent.BlockAt(page), use with { Label = new PageLabel(inode.Number, page) }, flags))
            {
                return false;
            }
        }

        return true;
    }

    private readonly struct Resident(PageCache cache, Inode inode) : IResidentPages
    {
        public PageSlot Slot(PageIndex page) => inode.Map.TryFindBlock(page, out var block) && !block.IsZero
            && cache.TryPeek(block, new PageLabel(inode.Number, page), out _) ? PageSlot.Page : PageSlot.Empty;
    }
}
