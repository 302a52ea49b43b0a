using Reflink.Files.Pages;

namespace Reflink.Files;

/// <content>FIDEDUPERANGE.</content>
internal sealed partial class Remapper
{
    // MAX_DEDUPE_LEN of vfs_dedupe_file_range, as measured on XFS and Btrfs.
    private const long MaxDeduped = 1L << 30;

    /// <summary>
    /// Makes a range of the target share the source's blocks if both hold the same bytes (FIDEDUPERANGE). A last part of a
    /// page is looked at and shared only where both files end.
    /// </summary>
    /// <returns>Whether the bytes were equal.</returns>
    /// <exception cref="ReflinkException">EBADF, EISDIR, EINVAL (for a source that may not be read, too), ENOMEM, EIO; ENOSPC as for <see cref="Ledger.Prepare"/>.</exception>
    public bool Dedupe(OpenFile source, long from, long length, OpenFile target, long to)
    {
        target.Require(target.CanWrite ? OpenFlags.Write : OpenFlags.Read);
        CheckRegular(source.Inode, target.Inode);
        target.Inode.RequireMutable();
        CheckComparable(source);

        if (length == 0)
        {
            return true;
        }

        CheckWithin(source.Inode, from, length, to);
        if (to > target.Size - length)
        {
            throw Invalid($"[{to},{to + length}) reaches past the target's end ({target.Size})");
        }

        CheckOverlap(source.Inode, from, length & ~InPage, target.Inode, to);
        for (var done = 0L; done < length; done += MaxDeduped)
        {
            if (!DedupePart(source, from + done, Math.Min(length - done, MaxDeduped), target, to + done))
            {
                return false;
            }
        }

        return true;
    }

    // At the most MaxDeduped bytes, which is all that one call of the kernel looks at.
    private bool DedupePart(OpenFile source, long from, long length, OpenFile target, long to)
    {
        // Where the range does not end at both files' ends the rest of its last block is neither compared nor shared.
        var compared = from + length == source.Size && to + length == target.Size ? length : length & ~InPage;
        CheckOverlap(source.Inode, from, compared, target.Inode, to);
        var range = new PageRange(PageIndex.Of(from), Page.CountFor(compared));
        if (range.IsEmpty)
        {
            return true;
        }

        ledger.Prepare(source.Inode, range);
        ledger.Prepare(target.Inode, range with { Start = PageIndex.Of(to) });

        // What lies behind the end in a last page is not compared: a mapping may have scribbled on it.
        var tail = (int)(compared & InPage);
        var whole = range with { Length = compared >> Page.Shift };
        if (!pages.AreEqual(source.Inode, whole, target.Inode, PageIndex.Of(to), target.Group)
            || !TailsAreEqual(source, from + compared - tail, target, to + compared - tail, tail))
        {
            return false;
        }

        ledger.Share(source.Inode, range, target.Inode, PageIndex.Of(to));
        return true;
    }

    /// <summary>
    /// FIDEDUPERANGE with many destinations: each has a result of its own, and one that fails does not keep the others from sharing.
    /// As on XFS and Btrfs one call looks at a GiB at the most; the results say how far it came.
    /// </summary>
    /// <exception cref="ReflinkException">EINVAL or EISDIR: the source may not be read, is no regular file, or does not reach that far.</exception>
    public IReadOnlyList<DedupeResult> DedupeAll(OpenFile source, long from, long length, IReadOnlyList<DedupeTarget> targets)
    {
        CheckComparable(source);

        CheckRegular(source.Inode);
        if (from < 0 || length < 0 || from > source.Size - length)
        {
            throw Invalid($"[{from},+{length}) is not within the source ({source.Size} bytes)");
        }

        return [.. targets.Select(t => DedupeOne(source, from, Math.Min(length, MaxDeduped), t))];
    }

    private static void CheckComparable(OpenFile source)
    {
        if (!source.CanRead)
        {
            throw Invalid($"{source.Inode} is not open to be read, so its bytes cannot be compared");
        }
    }

    private DedupeResult DedupeOne(OpenFile source, long from, long length, DedupeTarget target)
    {
        try
        {
            return Dedupe(source, from, length, target.File, target.Offset) ? new(null, true, length) : new(null, false, 0);
        }
        catch (ReflinkException e)
        {
            return new(e.Error, false, 0);
        }
    }

    private bool TailsAreEqual(OpenFile source, long from, OpenFile target, long to, int length)
    {
        Span<byte> one = stackalloc byte[length];
        Span<byte> two = stackalloc byte[length];
        return data.Read(source.Inode, from, one, source.Group) == data.Read(target.Inode, to, two, target.Group)
            && one.SequenceEqual(two);
    }
}
