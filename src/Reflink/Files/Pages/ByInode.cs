using Reflink.Cache;
using Reflink.Cache.Backings;
using Reflink.Inodes;

namespace Reflink.Files.Pages;

/// <summary>
/// Frames of files are found by inode and page (<see cref="CacheKeying.Inode"/>), as in Linux:
/// <code>
///   pages are shared        dirty frames of the source are written back first, so that frames of one block are all clean
///   pages leave the inode   their frames are dropped, dirty or not: other owners of the block have frames of their own, or none
///   pages move within it    written back, then dropped
///   a page is written       its frame goes with it to the new block, and nothing is copied
/// </code>
/// See generic_remap_file_range_prep in fs/remap_range.c, truncate_inode_pages_range in mm/truncate.c, xfs_prepare_shift in
/// fs/xfs/xfs_bmap_util.c. Private inodes hold anonymous blocks, whose frames are found by block always.
/// </summary>
internal sealed class ByInode(InodeTable inodes, PageCache cache, ChangeCounter changes) : IKeying
{
    /// <inheritdoc/>
    public void BeforeShared(Inode inode, PageRange range)
    {
        if (cache.DirtyFrames == 0 || !HasFilePages(inode) || !changes.Follows(Rule.SharedClean))
        {
            return;
        }

        foreach (var (block, label) in new MappedPages(inode, range))
        {
            if (cache.TryPeek(block, label, out var frame))
            {
                cache.Dirty.Clean(frame);
            }
        }

        cache.Dirty.WaitForAll();
    }

    /// <inheritdoc/>
    public void BeforeApplied(in Change change)
    {
        var range = Taken(change);
        if (range.IsEmpty || inodes[change.Inode] is var inode && !HasFilePages(inode) || !changes.Follows(Rule.TakenDropped))
        {
            return;
        }

        // A page that was written has its frame at the new block already, which the map does not know yet: so that one stays.
        Drop(inode, range);
    }

    /// <summary>Drops the frames of a range of pages, dirty or not.</summary>
    public void Drop(Inode inode, PageRange range)
    {
        foreach (var (block, label) in new MappedPages(inode, range))
        {
            if (cache.TryPeek(block, label, out var frame))
            {
                cache.Contents.Detach(frame, Rule.Freed);
            }
        }
    }

    /// <inheritdoc/>
    public bool TryMove(BlockNumber old, BlockNumber block, in PageUse use, PageContent content, out FrameNumber frame, out CacheResult result)
    {
        (frame, result) = (default, CacheResult.Hit);
        if (!cache.Contents.IsByPage(old) || (content == PageContent.Overwrite && !cache.TryPeek(old, use.Label, out _)))
        {
            return false;
        }

        frame = cache.Get(old, use, out result);
        cache.Contents.Relabel(frame, block);
        return true;
    }

    /// <summary>The pages that a change takes out of their inode, or moves within it.</summary>
    public static PageRange Taken(in Change change) => change.Kind switch
    {
        ChangeKind.Map or ChangeKind.Unmap => change.Pages,
        ChangeKind.Collapse or ChangeKind.Insert => PageRange.Between(change.Pages.Start, PageRange.All.End),
        ChangeKind.CloneFrom or ChangeKind.Remove => PageRange.All,
        _ => default,
    };

    private static bool HasFilePages(Inode inode) => inode.Type != InodeType.Private;
}
