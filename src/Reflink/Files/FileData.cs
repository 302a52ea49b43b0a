using Reflink.Cache;
using Reflink.Files.Pages;
using Reflink.Inodes;

namespace Reflink.Files;

/// <summary>Reads and writes the bytes of regular files, through the page cache.</summary>
internal sealed class FileData(
    CopyOnWrite pages, FileReadahead readahead, PageCache cache, Metadata metadata, Ledger ledger, IClock clock, Meter meter)
{
    /// <summary>The largest file, in bytes: 2^58, so that page numbers and sums of them stay small.</summary>
    public const long LargestFile = 1L << 58;

    /// <summary>Reads up to <paramref name="into"/>'s length; returns how many bytes there were.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="offset">Where in it.</param>
    /// <param name="into">Where the bytes go.</param>
    /// <param name="group">The group that is charged for new frames.</param>
    /// <param name="ahead">What is known of earlier reads; pages are read ahead then.</param>
    /// <exception cref="ReflinkException">EINVAL, ENOMEM, EIO.</exception>
    public int Read(Inode inode, long offset, Span<byte> into, GroupId group, Readahead? ahead = null)
    {
        CheckNumbers(offset, into.Length);
        var length = (int)Math.Clamp(inode.Size - offset, 0, into.Length);
        var reader = inode.Reader;
        for (var done = 0; done < length;)
        {
            var within = (int)((offset + done) & (Page.Size - 1));
            var step = Math.Min(Page.Size - within, length - done);
            var use = new PageUse(reader.Number, PageIndex.Of(offset + done), AccessKind.Read, group);
            var frame = pages.Get(reader, use, out var result);
            if (ahead is not null)
            {
                readahead.AfterRead(ahead, reader, use, frame, result, Page.CountFor(offset + into.Length) - use.Label.Page.Value);
            }

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
    /// Writes all bytes, growing the file if need be. The largest file may be full, memory or the store's disk may run out on the way, or the last
    /// page, of which only a part is written, be damaged; then what was written before stays, as in write(2), and the count tells.
    /// </summary>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="ReflinkException">ENOSPC (nothing was written), ENOMEM or EIO (at the first page), EFBIG (at the largest offset), EINVAL.</exception>
    public int Write(Inode inode, long offset, ReadOnlySpan<byte> bytes, GroupId group)
    {
        CheckNumbers(offset, bytes.Length);
        if (bytes.IsEmpty)
        {
            return 0;
        }

        bytes = bytes[..(int)Writable(offset, bytes.Length)];

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
        catch (ReflinkException e) when (e.Error is Errno.ENOMEM or Errno.ENOSPC or Errno.EIO && done > 0)
        {
            // A short write.
        }

        if (offset + done > inode.Size)
        {
            Resize(inode, offset + done);
        }

        Touch(inode);
        cache.Dirty.Throttle?.Balance();
        return done;
    }

    /// <summary>Sets the length: what lies behind is freed, also what was kept behind the end, what is added is a hole.</summary>
    /// <exception cref="ReflinkException">ENOSPC, ENOMEM or EIO for the rest of the last page; nothing has changed. EINVAL, EFBIG.</exception>
    public void Truncate(Inode inode, long size, GroupId group)
    {
        CheckRange(size, 0);
        if (size <= inode.Size)
        {
            // This alone may fail, so it comes first, as in xfs_setattr_size.
            Zero(inode, size, new PageIndex(Page.CountFor(size)).Offset, group);
            var kept = new PageIndex(Page.CountFor(size));
            var cut = PageRange.Between(kept, PageRange.All.End);
            if (inode.Map.NextMapped(kept) is not null)
            {
                ledger.Unmap(inode, cut);
            }

            Resize(inode, size);
        }
        else
        {
            ZeroTail(inode, group);
            Resize(inode, size);
        }

        Touch(inode);
    }

    /// <summary>Drops the frames of the whole pages in a range that no process maps, dirty ones once they are written; returns how many. Length 0 means to the end.</summary>
    /// <exception cref="ReflinkException">EINVAL.</exception>
    public int Evict(Inode inode, long offset, long length)
    {
        CheckNumbers(offset, 0);
        CheckNumbers(0, length);
        var (start, evicted) = (new PageIndex(Page.CountFor(Math.Min(offset, inode.Size))), 0);
        var end = length == 0 || length >= inode.Size - offset ? new PageIndex(inode.PageCount) : PageIndex.Of(offset + length);
        var mapped = cache.Reclaimer.FindMapped();
        foreach (var (block, label) in new MappedPages(inode.Reader, PageRange.Between(start, end)))
        {
            evicted += cache.TryPeek(block, label, out var frame) && cache.Reclaimer.TryDrop(frame, mapped) ? 1 : 0;
        }

        return evicted;
    }

    /// <summary>The first byte at an offset or behind it that was written (SEEK_DATA).</summary>
    /// <exception cref="ReflinkException">ENXIO: there is none.</exception>
    public static long SeekData(Inode inode, long offset)
    {
        if (offset >= 0 && offset < inode.Size)
        {
            foreach (var extent in inode.Map.Extents(PageRange.Between(PageIndex.Of(offset), new PageIndex(inode.PageCount))))
            {
                if (!extent.Block.IsZero)
                {
                    return Math.Max(offset, extent.Start.Offset);
                }
            }
        }

        throw new ReflinkException(Errno.ENXIO, $"{inode} ({inode.Size} bytes) holds no data at {offset} or behind");
    }

    /// <summary>The first byte at an offset or behind it that was not written; the end of the file is one (SEEK_HOLE).</summary>
    /// <exception cref="ReflinkException">ENXIO: the offset is not within the file.</exception>
    public static long SeekHole(Inode inode, long offset)
    {
        if (offset < 0 || offset >= inode.Size)
        {
            throw new ReflinkException(Errno.ENXIO, $"{offset} is not within {inode} ({inode.Size} bytes)");
        }

        var next = PageIndex.Of(offset);
        foreach (var extent in inode.Map.Extents(PageRange.Between(next, new PageIndex(inode.PageCount))))
        {
            if (extent.Start > next || extent.Block.IsZero)
            {
                break;
            }

            next = extent.End;
        }

        return Math.Min(Math.Max(offset, next.Offset), inode.Size);
    }

    /// <summary>Zeroes the rest of the last page, which a mapping may have scribbled on, before the file grows over it.</summary>
    public void ZeroTail(Inode inode, GroupId group) => Zero(inode, inode.Size, new PageIndex(inode.PageCount).Offset, group);

    /// <summary>The bytes of a frame, until the next call that may need memory.</summary>
    internal ReadOnlySpan<byte> BytesOf(FrameNumber frame) => cache.Frames.Bytes(frame);

    /// <summary>The bytes of a frame that was got to be written, until the next call that may need memory.</summary>
    internal Span<byte> WritableBytesOf(FrameNumber frame) => cache.Frames.Bytes(frame);

    /// <summary>Notes that the contents changed: times and version.</summary>
    public void Touch(Inode inode)
    {
        inode.Version++;
        metadata.Apply(inode, Change.Modified(inode.Number, clock.Now));
    }

    /// <summary>Sets the size and nothing else.</summary>
    internal void Resize(Inode inode, long size) => metadata.Apply(inode, Change.SetSize(inode.Number, size));

    /// <summary>
    /// Zeroes bytes within one page. What was never written is left alone; all else gets a block of its own, also where it is zero
    /// already, as by iomap_zero_range in fs/iomap/buffered-io.c.
    /// </summary>
    internal void Zero(Inode inode, long from, long to, GroupId group)
    {
        if (IsWritten(inode, from, to))
        {
            var page = PageIndex.Of(from);
            var frame = pages.GetForWrite(inode, new PageUse(inode.Number, page, AccessKind.Write, group));
            cache.Frames.Bytes(frame)[(int)(from - page.Offset)..(int)(to - page.Offset)].Clear();
        }
    }

    /// <summary>Whether there are bytes from one offset to another, within one page, and the page was written.</summary>
    internal bool IsWritten(Inode inode, long from, long to) =>
        from < to && inode.Map.TryFindBlock(PageIndex.Of(from), out var block) && !block.IsZero;

    /// <summary>Refuses what is not within any file.</summary>
    /// <exception cref="ReflinkException">EINVAL, EFBIG.</exception>
    internal static void CheckRange(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > LargestFile - length)
        {
            throw new ReflinkException(
                offset < 0 || length < 0 ? Errno.EINVAL : Errno.EFBIG,
                $"[{offset},+{length}) is not within a file; offsets run from 0 to {LargestFile}");
        }
    }

    /// <summary>Refuses what is no range at all (rw_verify_area in fs/read_write.c).</summary>
    /// <exception cref="ReflinkException">EINVAL.</exception>
    internal static void CheckNumbers(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > long.MaxValue - length)
        {
            throw new ReflinkException(Errno.EINVAL, $"[{offset},+{length}) is no range; offsets run from 0 to {LargestFile}");
        }
    }

    /// <summary>How many of the bytes from an offset on the largest file has room for (generic_write_check_limits in fs/read_write.c).</summary>
    /// <exception cref="ReflinkException">EFBIG: none.</exception>
    internal static long Writable(long offset, long length) => offset < LargestFile
        ? Math.Min(length, LargestFile - offset)
        : throw new ReflinkException(Errno.EFBIG, $"[{offset},+{length}) lies behind the largest file, of {LargestFile} bytes; write before it");

    private int WritePage(Inode inode, long offset, ReadOnlySpan<byte> bytes, GroupId group)
    {
        var within = (int)(offset & (Page.Size - 1));
        var step = Math.Min(Page.Size - within, bytes.Length);
        var frame = pages.GetForWrite(
            inode, new PageUse(inode.Number, PageIndex.Of(offset), AccessKind.Write, group), step == Page.Size ? PageContent.Overwrite : PageContent.Keep);
        bytes[..step].CopyTo(cache.Frames.Bytes(frame)[within..]);
        meter.Count(WorkKind.PageTransferred);
        return step;
    }

    // ENOSPC is raised before the first byte changes. Blocks are counted exactly only when the cheap upper bound does not fit.
    private void Reserve(Inode inode, long offset, long length)
    {
        var range = PageRange.Between(PageIndex.Of(offset), new PageIndex(Page.CountFor(offset + length)));
        if (range.IsEmpty || metadata.HasSpace(range.Length))
        {
            return;
        }

        var needed = CountNotOwned(inode, range);
        if (needed == 0 || metadata.MakeSpace(needed))
        {
            return;
        }

        // The inodes that were freed may have been the other owners of some pages, which then need no new block.
        needed = CountNotOwned(inode, range);
        if (needed > 0 && !metadata.HasSpace(needed))
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
            count += inode.Map.NeedsNoBlock(page) ? 0 : 1;
        }

        return count;
    }
}
