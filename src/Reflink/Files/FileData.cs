using Reflink.Cache;
using Reflink.Inodes;
using Reflink.Units;

namespace Reflink.Files;

/// <summary>Reads and writes the bytes of regular files, through the page cache.</summary>
internal sealed class FileData(
    InodePages pages, FileReadahead readahead, PageCache cache, ChangeCounter changes, IClock clock, Meter meter)
{
    /// <summary>The largest file, in bytes: 2^58, so that page numbers and sums of them stay small.</summary>
    public const long LargestFile = 1L << 58;

    /// <summary>Reads up to <paramref name="into"/>'s length; returns how many bytes there were.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="offset">Where in it.</param>
    /// <param name="into">Where the bytes go.</param>
    /// <param name="group">Who is charged.</param>
    /// <param name="ahead">What is known of earlier reads; pages are read ahead then.</param>
    /// <exception cref="ReflinkException">EINVAL, EFBIG, ENOMEM, EIO.</exception>
    public int Read(Inode inode, long offset, Span<byte> into, GroupId group, Readahead? ahead = null)
    {
        CheckOffset(offset, into.Length);
        var length = (int)Math.Clamp(inode.Size - offset, 0, into.Length);
        for (var done = 0; done < length;)
        {
            var within = (int)((offset + done) & (Page.Size - 1));
            var step = Math.Min(Page.Size - within, length - done);
            var page = PageIndex.Of(offset + done);
            var frame = ahead is null
                ? pages.Read(inode, page, AccessKind.Read, group)
                : readahead.Read(ahead, inode, page, Page.CountFor(offset + into.Length) - page.Value, group);
            cache.Frames.Bytes(frame).Slice(within, step).CopyTo(into[done..]);
            meter.Count(WorkKind.PageTransferred);
            done += step;
        }

        if (length > 0)
        {
            ahead?.Ended(offset + length);
        }

        return length;
    }

    /// <summary>
    /// Writes all bytes, growing the file if need be. Memory may run out on the way, or the last page, of which only a part is
    /// written, be damaged; then what was written before stays, as in write(2), and the count tells.
    /// </summary>
    /// <returns>How many bytes were written; less than asked only when memory ran out or a page is damaged.</returns>
    /// <exception cref="ReflinkException">ENOSPC (nothing was written), ENOMEM or EIO (at the first page), EFBIG.</exception>
    public int Write(Inode inode, long offset, ReadOnlySpan<byte> bytes, GroupId group)
    {
        CheckOffset(offset, bytes.Length);
        if (bytes.IsEmpty)
        {
            return 0;
        }

        if (offset > inode.Size)
        {
            // It may take a block of its own, so it comes before counting what is left.
            ZeroTail(inode, group);
        }

        Reserve(inode, offset, bytes.Length);
        var done = 0;
        try
        {
            while (done < bytes.Length)
            {
                done += WritePage(inode, offset + done, bytes[done..], group);
            }
        }
        catch (ReflinkException e) when (e.Error is Errno.ENOMEM or Errno.EIO && done > 0)
        {
            // A short write.
        }

        if (offset + done > inode.Size)
        {
            pages.Apply(inode, new Change(ChangeKind.SetSize, inode.Number) { Value = offset + done });
        }

        Touch(inode);
        return done;
    }

    /// <summary>Sets the length: what lies behind is freed, what is added is a hole.</summary>
    /// <exception cref="ReflinkException">ENOSPC, ENOMEM or EIO for the rest of the last page; nothing has changed. EINVAL, EFBIG.</exception>
    public void Truncate(Inode inode, long size, GroupId group)
    {
        CheckOffset(size, 0);
        if (size < inode.Size)
        {
            // This alone may fail, so it comes first, as in xfs_setattr_size.
            Zero(inode, size, new PageIndex(Page.CountFor(size)).Offset, group);
            var kept = new PageIndex(Page.CountFor(size));
            var cut = PageRange.Between(kept, new PageIndex(inode.PageCount));
            if (!cut.IsEmpty)
            {
                changes.Stamp(ref inode.Remapped, Rule.BulkRemapped);
                pages.Apply(new Change(ChangeKind.Unmap, inode.Number) { Page = cut.Start, Length = cut.Length });
            }

            Resize(inode, size);
        }
        else if (size > inode.Size)
        {
            ZeroTail(inode, group);
            Resize(inode, size);
        }

        Touch(inode);
    }

    /// <summary>Makes a range of bytes read as zeroes; whole pages of it become holes (FALLOC_FL_PUNCH_HOLE).</summary>
    /// <exception cref="ReflinkException">EINVAL, EFBIG; ENOSPC, ENOMEM or EIO at a page that goes in part; nothing has changed.</exception>
    public void Punch(Inode inode, long offset, long length, GroupId group)
    {
        CheckOffset(offset, length);
        var end = Math.Min(offset + length, inode.Size);
        if (offset >= end)
        {
            return;
        }

        var first = new PageIndex(Page.CountFor(offset));
        var last = end == inode.Size ? new PageIndex(inode.PageCount) : PageIndex.Of(end);
        var tail = last >= first ? last.Offset : end;

        // The second edge gets its own block before the first is zeroed: nothing can fail half way.
        if (HasBytes(inode, tail, end, group))
        {
            _ = pages.Writable(inode, last, null, AccessKind.Write, group);
        }

        Zero(inode, offset, Math.Min(first.Offset, end), group);
        Zero(inode, tail, end, group);

        var holes = PageRange.Between(first, last);
        if (!holes.IsEmpty)
        {
            pages.Leave(inode, holes, Rule.PunchLeft);
            pages.Apply(new Change(ChangeKind.Unmap, inode.Number) { Page = first, Length = holes.Length });
        }

        Touch(inode);
    }

    /// <summary>Takes a range of pages out of the file and closes the gap (FALLOC_FL_COLLAPSE_RANGE).</summary>
    /// <exception cref="ReflinkException">EINVAL: not whole pages, or up to the end of the file; ENOSPC: the store is full.</exception>
    public void Collapse(Inode inode, long offset, long length)
    {
        CheckOffset(offset, length);
        if (((offset | length) & (Page.Size - 1)) != 0 || length == 0 || offset + length >= inode.Size)
        {
            throw new ReflinkException(
                Errno.EINVAL,
                $"collapse of [{offset},{offset + length}) in {inode}: it takes whole pages of {Page.Size} bytes that end before the end of the file ({inode.Size}); truncate instead");
        }

        pages.WriteBack(inode, PageRange.Between(PageIndex.Of(offset + length), new PageIndex(inode.PageCount)));
        changes.Stamp(ref inode.Remapped, Rule.BulkRemapped);
        pages.Apply(new Change(ChangeKind.Collapse, inode.Number) { Page = PageIndex.Of(offset), Length = length >> Page.Shift });
        Resize(inode, inode.Size - length);
        Touch(inode);
    }

    /// <summary>Lets go of the frames of the whole pages in a range, dirty ones once they are written; returns how many went.</summary>
    /// <exception cref="ReflinkException">EINVAL, EFBIG.</exception>
    public int Evict(Inode inode, long offset, long length)
    {
        CheckOffset(offset, length);
        var end = offset + length >= inode.Size ? new PageIndex(inode.PageCount) : PageIndex.Of(offset + length);
        var evicted = 0;
        foreach (var extent in inode.Map.Extents(PageRange.Between(new PageIndex(Page.CountFor(offset)), end)))
        {
            for (var i = 0L; i < extent.Length && !extent.Block.IsZero; i++)
            {
                var page = new PageLabel(inode.Number, extent.Start + i);
                evicted += cache.TryPeek(extent.Block + i, page, out var frame) && cache.TryEvict(frame) ? 1 : 0;
            }
        }

        return evicted;
    }

    /// <summary>Zeroes the rest of the last page, which a mapping may have scribbled on, before the file grows over it.</summary>
    public void ZeroTail(Inode inode, GroupId group) => Zero(inode, inode.Size, new PageIndex(inode.PageCount).Offset, group);

    /// <summary>Notes that the contents changed: times and version.</summary>
    public void Touch(Inode inode)
    {
        inode.Version++;
        pages.Apply(inode, new Change(ChangeKind.Modified, inode.Number) { Value = clock.Now });
    }

    private static void CheckOffset(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > LargestFile - length)
        {
            throw new ReflinkException(
                offset < 0 || length < 0 ? Errno.EINVAL : Errno.EFBIG,
                $"[{offset},+{length}) is not within a file; offsets run from 0 to {LargestFile}");
        }
    }

    private int WritePage(Inode inode, long offset, ReadOnlySpan<byte> bytes, GroupId group)
    {
        var within = (int)(offset & (Page.Size - 1));
        var step = Math.Min(Page.Size - within, bytes.Length);
        var frame = pages.Writable(
            inode, PageIndex.Of(offset), null, AccessKind.Write, group, whole: step == Page.Size);
        bytes[..step].CopyTo(cache.Frames.Bytes(frame)[within..]);
        meter.Count(WorkKind.PageTransferred);
        return step;
    }

    // A hole and a page that is zero there already are left alone.
    private void Zero(Inode inode, long from, long to, GroupId group)
    {
        if (HasBytes(inode, from, to, group))
        {
            var page = PageIndex.Of(from);
            var frame = pages.Writable(inode, page, null, AccessKind.Write, group);
            cache.Frames.Bytes(frame)[(int)(from - page.Offset)..(int)(to - page.Offset)].Clear();
        }
    }

    // [from, to) lies within one page.
    private bool HasBytes(Inode inode, long from, long to, GroupId group)
    {
        var page = PageIndex.Of(from);
        if (from >= to || !InodePages.TryResolve(inode, page, out var block) || block.IsZero)
        {
            return false;
        }

        var frame = pages.Read(inode, page, AccessKind.Write, group);
        return cache.Frames.Bytes(frame)[(int)(from - page.Offset)..(int)(to - page.Offset)].ContainsAnyExcept((byte)0);
    }

    private void Resize(Inode inode, long size) => pages.Apply(inode, new Change(ChangeKind.SetSize, inode.Number) { Value = size });

    // A full volume fails at the write, before anything has changed: blocks are counted exactly only when they are short.
    private void Reserve(Inode inode, long offset, long length)
    {
        var range = PageRange.Between(PageIndex.Of(offset), new PageIndex(Page.CountFor(offset + length)));
        if (range.IsEmpty || pages.HasSpace(range.Length))
        {
            return;
        }

        var needed = CountNotOwned(inode, range);
        if (needed == 0 || pages.MakeSpace(needed))
        {
            return;
        }

        // What was let go may have shared some of the pages: those need no block any more.
        needed = CountNotOwned(inode, range);
        if (needed > 0 && !pages.HasSpace(needed))
        {
            throw new ReflinkException(
                Errno.ENOSPC, $"writing {length} bytes to {inode} needs {needed} blocks and the volume is full; delete something or give the volume more capacity");
        }
    }

    private static long CountNotOwned(Inode inode, PageRange range)
    {
        var count = 0L;
        for (var page = range.Start; page < range.End; page += 1)
        {
            count += inode.Map.IsExclusive(page) ? 0 : 1;
        }

        return count;
    }
}
