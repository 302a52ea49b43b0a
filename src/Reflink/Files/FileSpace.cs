using Reflink.Cache;
using Reflink.Files.Pages;
using Reflink.Inodes;

namespace Reflink.Files;

/// <summary>
/// The space of files: keeping it, freeing it, moving it about. What fallocate(2) does, as measured on XFS
/// (vfs_fallocate in fs/open.c, xfs_file_fallocate in fs/xfs/xfs_file.c).
/// </summary>
internal sealed class FileSpace(CopyOnWrite pages, Metadata metadata, Ledger ledger, FileData data)
{
    private const FallocateMode Ways = FallocateMode.PunchHole | FallocateMode.CollapseRange | FallocateMode.ZeroRange
        | FallocateMode.InsertRange | FallocateMode.UnshareRange;

    /// <summary>fallocate(2).</summary>
    /// <exception cref="ReflinkException">
    /// EINVAL, EOPNOTSUPP (modes that exclude each other), EFBIG, ENOSPC; ENOMEM or EIO at a page that goes in part. Nothing has changed.
    /// </exception>
    public void Fallocate(Inode inode, FallocateMode mode, long offset, long length, GroupId group)
    {
        FileData.CheckRange(offset, length);
        switch (mode & Ways)
        {
            case FallocateMode.PunchHole: Punch(inode, offset, length, group); break;
            case FallocateMode.CollapseRange: Collapse(inode, offset, length, group); break;
            case FallocateMode.InsertRange: Insert(inode, offset, length, group); break;
            default: Allocate(inode, mode, offset, length, group); break;
        }
    }

    /// <summary>Refuses what no file takes, before asking which file it is.</summary>
    /// <exception cref="ReflinkException">EINVAL, EOPNOTSUPP.</exception>
    public static void CheckMode(FallocateMode mode, long offset, long length)
    {
        if (offset < 0 || length <= 0)
        {
            throw new ReflinkException(Errno.EINVAL, $"fallocate of [{offset},+{length}): the length must be more than 0, the offset not less");
        }

        var allowed = (mode & ~FallocateMode.KeepSize) switch
        {
            FallocateMode.PunchHole => (mode & FallocateMode.KeepSize) != 0,
            FallocateMode.CollapseRange or FallocateMode.InsertRange => (mode & FallocateMode.KeepSize) == 0,
            FallocateMode.Allocate or FallocateMode.ZeroRange or FallocateMode.UnshareRange => true,
            _ => false,
        };
        if (!allowed)
        {
            throw new ReflinkException(
                Errno.EOPNOTSUPP, $"fallocate cannot {mode}: take one way; PunchHole needs KeepSize, CollapseRange and InsertRange exclude it");
        }
    }

    // Keeping space, after the range was zeroed or unshared where that is asked.
    private void Allocate(Inode inode, FallocateMode mode, long offset, long length, GroupId group)
    {
        var (way, end) = (mode & Ways, offset + length);
        var grows = (mode & FallocateMode.KeepSize) == 0 && end > inode.Size;
        if (grows)
        {
            data.ZeroTail(inode, group);
        }

        var range = PageRange.Between(PageIndex.Of(offset), new PageIndex(Page.CountFor(end)));
        Reserve(inode, range, way);
        if (way == FallocateMode.ZeroRange)
        {
            Zero(inode, offset, length, group);
        }
        else if (way == FallocateMode.UnshareRange)
        {
            Unshare(inode, range, group);
        }

        foreach (var hole in Holes(inode, range))
        {
            ledger.Preallocate(inode, hole);
        }

        if (grows)
        {
            data.Resize(inode, end);
        }

        data.Touch(inode);
    }

    private void Unshare(Inode inode, PageRange range, GroupId group)
    {
        List<PageRange> shared = [];
        foreach (var extent in inode.Map.Extents(range))
        {
            if (!extent.Block.IsZero)
            {
                shared.Add(extent.Range);
            }
        }

        foreach (var part in shared)
        {
            for (var page = part.Start; page < part.End; page += 1)
            {
                if (!inode.Map.IsExclusive(page))
                {
                    _ = pages.GetForWrite(inode, new PageUse(inode.Number, page, AccessKind.Write, group));
                }
            }
        }
    }

    private void Punch(Inode inode, long offset, long length, GroupId group)
    {
        Zero(inode, offset, length, group);
        data.Touch(inode);
    }

    // Whole pages become holes, behind the end of the file, too; of the others the bytes are zeroed, as far as the file reaches. The file's
    // last page is whole only if the range reaches its end (xfs_free_file_space).
    private void Zero(Inode inode, long offset, long length, GroupId group)
    {
        var end = offset + length;

        // A range that reaches the end of the file takes what a mapping left behind it in the last page, too: XFS writes that page back.
        var reached = offset < inode.Size && end >= inode.Size ? new PageIndex(inode.PageCount).Offset : Math.Min(end, inode.Size);
        var first = new PageIndex(Page.CountFor(offset));
        var last = PageIndex.Of(end);
        var tail = last >= first ? last.Offset : reached;

        // The second edge gets its own block before the first is zeroed: nothing can fail half way.
        if (data.IsWritten(inode, tail, reached))
        {
            _ = pages.GetForWrite(inode, new PageUse(inode.Number, last, AccessKind.Write, group));
        }

        data.Zero(inode, offset, Math.Min(first.Offset, reached), group);
        data.Zero(inode, tail, reached, group);

        var holes = PageRange.Between(first, last);
        if (!holes.IsEmpty)
        {
            ledger.Unmap(inode, holes);
        }
    }

    private void Collapse(Inode inode, long offset, long length, GroupId group)
    {
        if (!AreWholePages(offset, length) || offset + length >= inode.Size)
        {
            throw new ReflinkException(
                Errno.EINVAL,
                $"collapse of [{offset},{offset + length}) in {inode}: it takes whole pages of {Page.Size} bytes that end before the end of the file ({inode.Size}); truncate instead");
        }

        Shift(inode, Change.Collapse(inode.Number, WholePages(offset, length)), group);
        data.Resize(inode, inode.Size - length);
        data.Touch(inode);
    }

    private void Insert(Inode inode, long offset, long length, GroupId group)
    {
        if (!AreWholePages(offset, length) || offset >= inode.Size)
        {
            throw new ReflinkException(
                Errno.EINVAL,
                $"insert of [{offset},{offset + length}) into {inode}: it takes whole pages of {Page.Size} bytes and a place before the end of the file ({inode.Size}); truncate instead");
        }

        FileData.CheckRange(inode.Size, length);
        Shift(inode, Change.Insert(inode.Number, WholePages(offset, length)), group);
        data.Resize(inode, inode.Size + length);
        data.Touch(inode);
    }

    // The size changes with the pages, and so, as when it is set, the rest of the last page is zeroed. That may fail: it comes first.
    private void Shift(Inode inode, in Change change, GroupId group)
    {
        data.ZeroTail(inode, group);
        ledger.Shift(inode, change);
    }

    private static PageRange WholePages(long offset, long length) => new(PageIndex.Of(offset), length >> Page.Shift);

    private static bool AreWholePages(long offset, long length) => ((offset | length) & (Page.Size - 1)) == 0;

    private static List<PageRange> Holes(Inode inode, PageRange range)
    {
        List<PageRange> holes = [];
        var next = range.Start;
        foreach (var extent in inode.Map.Extents(range))
        {
            AddHole(holes, next, extent.Start);
            next = extent.End;
        }

        AddHole(holes, next, range.End);
        return holes;
    }

    private static void AddHole(List<PageRange> holes, PageIndex from, PageIndex to)
    {
        if (from < to)
        {
            holes.Add(PageRange.Between(from, to));
        }
    }

    // Before anything has changed. What is shared needs a block only if the call takes the file's pages away from it.
    private void Reserve(Inode inode, PageRange range, FallocateMode way)
    {
        var needed = Needed(inode, range, way);
        if (needed > 0 && !metadata.MakeSpace(needed) && !metadata.HasSpace(needed = Needed(inode, range, way)))
        {
            throw new ReflinkException(
                Errno.ENOSPC, $"keeping {range.Length} pages of {inode} needs {needed} blocks and the volume is full; delete something or give the volume more capacity");
        }
    }

    private static long Needed(Inode inode, PageRange range, FallocateMode way)
    {
        var needed = range.Length;
        foreach (var extent in inode.Map.Extents(range))
        {
            if (way == FallocateMode.Allocate)
            {
                needed -= extent.Length;
                continue;
            }

            for (var page = extent.Start; page < extent.End; page += 1)
            {
                needed -= inode.Map.NeedsNoBlock(page) ? 1 : 0;
            }
        }

        return needed;
    }
}
