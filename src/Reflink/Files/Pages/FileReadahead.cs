using Reflink.Cache;
using Reflink.Inodes;
using Reflink.Units;

namespace Reflink.Files.Pages;

/// <summary>
/// Reads pages of files ahead of who reads them in turn. It reads stored blocks alone that have no frame: never holes, and never
/// what is made from a recipe. What it cannot have it leaves, so no read fails for it.
/// </summary>
/// <param name="pages">Pages of inodes.</param>
/// <param name="cache">Where the pages go.</param>
/// <param name="most">The largest window, in pages; 0: nothing is read ahead.</param>
internal sealed class FileReadahead(InodePages pages, PageCache cache, int most)
{
    /// <summary>The frame of a page of an open file, as <see cref="InodePages.Read"/>, and what comes behind it.</summary>
    /// <param name="state">The open file's.</param>
    /// <param name="inode">The file.</param>
    /// <param name="page">The page.</param>
    /// <param name="requested">Pages that the caller wants from there on, this one among them.</param>
    /// <param name="group">Who is charged.</param>
    /// <exception cref="ReflinkException">ENOMEM or EIO of the page itself.</exception>
    public FrameNumber Read(Readahead state, Inode inode, PageIndex page, long requested, GroupId group)
    {
        var isRead = pages.TryRead(inode, page, AccessKind.Read, group, out var frame);
        return isRead && !cache.IsMarked(frame) ? frame : ReadOn(state, inode, page, requested, group, isRead, frame);
    }

    private FrameNumber ReadOn(
        Readahead state, Inode inode, PageIndex page, long requested, GroupId group, bool isRead, FrameNumber frame)
    {
        if (most == 0)
        {
            return isRead ? frame : pages.Read(inode, page, AccessKind.Read, group);
        }

        var isMarked = false;
        if (!isRead)
        {
            frame = pages.Read(inode, page, AccessKind.Read, group);
            var window = state.Miss(page, requested, most, new Resident(cache, inode)).ClipTo(inode.PageCount);
            isMarked = window.IsMark(page);
            Bring(inode, window, frame, group);
        }

        if (cache.TakeMark(frame) || isMarked)
        {
            var window = state.Marked(page, requested, most, new Resident(cache, inode)).ClipTo(inode.PageCount);
            Bring(inode, window, frame, group);
        }

        return frame;
    }

    private void Bring(Inode inode, ReadaheadWindow window, FrameNumber present, GroupId group)
    {
        if (window.Pages.IsEmpty)
        {
            return;
        }

        using var kept = cache.Lease(present);
        foreach (var extent in inode.Map.Extents(window.Pages))
        {
            if (extent.Block.Kind == BlockKind.Stored && !extent.IsUnwritten && !TryQueue(inode, extent, window, group))
            {
                break;
            }
        }

        cache.ReadQueued();
    }

    private bool TryQueue(Inode inode, Extent extent, ReadaheadWindow window, GroupId group)
    {
        for (var page = extent.Start; page < extent.End; page += 1)
        {
            if (!cache.TryQueue(extent.BlockAt(page), new PageLabel(inode.Number, page), group, window.IsMark(page)))
            {
                return false;
            }
        }

        return true;
    }

    private readonly struct Resident(PageCache cache, Inode inode) : IResidentPages
    {
        public PageSlot Slot(PageIndex page) => InodePages.TryResolve(inode, page, out var block) && !block.IsZero
            && cache.TryPeek(block, new PageLabel(inode.Number, page), out _) ? PageSlot.Page : PageSlot.Empty;
    }
}
