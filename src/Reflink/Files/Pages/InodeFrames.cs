using Reflink.Cache;
using Reflink.Inodes;
using Reflink.Units;

namespace Reflink.Files.Pages;

/// <summary>
/// What has to be done with the frames of an inode's pages where the cache finds them by inode and page
/// (<see cref="CacheKeying.Inode"/>), and is nothing where it finds them by block:
/// <code>
///   pages are shared        dirty frames of the source are written back first, so that frames of one block are all clean
///   pages leave the inode   their frames are dropped, dirty or not: whoever else owns the block has a frame of its own, or none
///   pages move within it    written back, then dropped
/// </code>
/// So does Linux: generic_remap_file_range_prep in fs/remap_range.c, truncate_inode_pages_range in mm/truncate.c,
/// xfs_prepare_shift in fs/xfs/xfs_bmap_util.c. Private inodes hold anonymous blocks, which are always found by block.
/// </summary>
internal sealed class InodeFrames(InodeTable inodes, PageCache cache, ChangeCounter changes)
{
    /// <summary>Writes the dirty pages of a range to the store; the work is in proportion to the pages, unless nothing is dirty.</summary>
    /// <exception cref="ReflinkException">ENOSPC: the store is full.</exception>
    public void WriteBack(Inode inode, PageRange range)
    {
        if (!IsConcerned(inode) || cache.DirtyFrames == 0 || !changes.Follows(Rule.SharedClean))
        {
            return;
        }

        foreach (var extent in inode.Map.Extents(range))
        {
            for (var i = 0L; i < extent.Length && !extent.Block.IsZero; i++)
            {
                cache.WriteBack(extent.Block + i, new PageLabel(inode.Number, extent.Start + i));
            }
        }
    }

    /// <summary>
    /// Drops the frames of pages that a change is about to take out of their inode, while the map still says which. A page that
    /// a write moves has its frame at the new block already, so that one stays.
    /// </summary>
    public void DropTaken(in Change change)
    {
        if (!cache.HasPageKeys)
        {
            return;
        }

        var range = Taken(change);
        if (range.IsEmpty || inodes[change.Inode] is var inode && !IsConcerned(inode) || !changes.Follows(Rule.TakenDropped))
        {
            return;
        }

        foreach (var extent in inode.Map.Extents(range))
        {
            for (var i = 0L; i < extent.Length && !extent.Block.IsZero; i++)
            {
                cache.DropPage(extent.Block + i, new PageLabel(inode.Number, extent.Start + i));
            }
        }
    }

    private static PageRange Taken(in Change change) => change.Kind switch
    {
        ChangeKind.Map or ChangeKind.Unmap => change.Pages,
        ChangeKind.Collapse or ChangeKind.Insert => PageRange.Between(change.Pages.Start, PageRange.All.End),
        ChangeKind.CloneFrom or ChangeKind.Remove => PageRange.All,
        _ => default,
    };

    private bool IsConcerned(Inode inode) => cache.HasPageKeys && inode.BlockKind == BlockKind.Stored;
}
