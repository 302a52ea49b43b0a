using Reflink.Files.Pages;
using Reflink.Inodes;

namespace Reflink.Files;

/// <summary>
/// Cloning and deduplicating as a volume's users call it: the checks of FICLONE, FICLONERANGE and FIDEDUPERANGE (fs/remap_range.c,
/// as measured on XFS), then <see cref="Ledger"/>.
/// </summary>
internal sealed partial class Remapper(Ledger ledger, FileData data, CopyOnWrite pages)
{
    private const long InPage = Page.Size - 1;
    private const int MaxCopied = 1 << 20;

    /// <summary>Makes the target share all of the source's blocks, in constant time unless the target is longer and keeps its rest (FICLONE).</summary>
    /// <exception cref="ReflinkException">EBADF, EISDIR, EINVAL; ENOSPC as for <see cref="Ledger.Prepare"/>.</exception>
    public void Clone(OpenFile source, OpenFile target)
    {
        if (target.Size > source.Size || source.Size == 0)
        {
            CloneRange(source, 0, 0, target, 0);
        }
        else
        {
            Replace(source, target);
        }
    }

    /// <summary>Makes the target's contents the source's, whatever it held: what cp --reflink does by emptying the target first.</summary>
    /// <exception cref="ReflinkException">EBADF, EISDIR, EINVAL; ENOSPC as for <see cref="Ledger.Prepare"/>.</exception>
    public void Replace(OpenFile source, OpenFile target)
    {
        CheckFiles(source, target);
        if (source.Inode == target.Inode)
        {
            throw Invalid($"{source.Inode} cannot be cloned onto itself");
        }

        ledger.Share(source.Inode, target.Inode);
        data.Resize(target.Inode, source.Size);
        data.Touch(target.Inode);
        target.Changed();
    }

    /// <summary>
    /// Makes a range of the target share the source's blocks (FICLONERANGE). Length 0 means to the source's end. The range
    /// must be whole pages, save that it may end at the source's unaligned end if that is not inside the target.
    /// </summary>
    /// <exception cref="ReflinkException">EBADF (for a target opened to append, too), EISDIR, EINVAL, ENOSPC, ENOMEM, EIO.</exception>
    public void CloneRange(OpenFile source, long from, long length, OpenFile target, long to)
    {
        CheckFiles(source, target);
        var sourceSize = source.Size;
        if (length == 0)
        {
            if (from == sourceSize)
            {
                return;
            }

            length = sourceSize - from;
        }

        CheckRange(source.Inode, from, length, target.Inode, to);
        var atEnd = from + length == sourceSize && ((from + length) & InPage) != 0;
        if ((length & InPage) != 0 && (!atEnd || to + length < target.Size))
        {
            throw Invalid($"a length of {length} is not whole pages and does not end at both files' ends");
        }

        if (to > target.Size)
        {
            data.ZeroTail(target.Inode, target.Group);
        }

        var range = new PageRange(PageIndex.Of(from), Page.CountFor(length));
        ledger.Share(source.Inode, range, target.Inode, PageIndex.Of(to));
        if (to + length > target.Size)
        {
            data.Resize(target.Inode, to + length);
        }

        data.Touch(target.Inode);
        target.Changed();
    }

    /// <summary>
    /// Copies bytes, by sharing blocks where both offsets are whole pages, otherwise one by one (copy_file_range). What is shared may be
    /// less than was asked: it ends at a whole page unless it ends at the source's end and not inside the target.
    /// </summary>
    /// <returns>How many bytes were copied: fewer at the source's end, at the end of the largest file, and where the last part cannot be shared.</returns>
    /// <exception cref="ReflinkException">EBADF (for a target opened to append, too), EISDIR, EINVAL, EOVERFLOW (a range from below 0 to above), EFBIG, ENOSPC, ENOMEM, EIO.</exception>
    public long Copy(OpenFile source, long from, OpenFile target, long to, long length)
    {
        CheckRegular(source.Inode, target.Inode);
        CheckFiles(source, target);
        FileData.CheckNumbers(0, length);
        CheckCopied(from, length);
        CheckCopied(to, length);
        length = FileData.Writable(to, Math.Clamp(source.Size - from, 0, length));
        if (length == 0)
        {
            return 0;
        }


        CheckOverlap(source.Inode, from, length, target.Inode, to);
        if (((from | to) & InPage) == 0)
        {
            var inside = from + length < source.Size || to + length < target.Size;
            var shared = inside ? length & ~InPage : length;
            if (shared > 0)
            {
                CloneRange(source, from, shared, target, to);
                return shared;
            }
        }

        return CopyBytes(source, from, target, to, length);
    }

    // The kernel adds without a sign first, and asks whether an offset is negative later (generic_copy_file_checks).
    private static void CheckCopied(long offset, long length)
    {
        if (offset < 0)
        {
            throw new ReflinkException(length >= -offset ? Errno.EOVERFLOW : Errno.EINVAL, $"[{offset},+{length}) does not lie in a file; offsets begin at 0");
        }
    }

    private static void CheckFiles(OpenFile source, OpenFile target)
    {
        source.Require(OpenFlags.Read);
        target.Require(OpenFlags.Write);
        if (target.IsAppending)
        {
            throw new ReflinkException(Errno.EBADF, $"{target.Inode} is open to append; open it without OpenFlags.Append");
        }

        CheckRegular(source.Inode, target.Inode);
        target.Inode.RequireMutable();
    }

    private static void CheckRegular(params ReadOnlySpan<Inode> inodes)
    {
        foreach (var inode in inodes)
        {
            if (!inode.IsRegular)
            {
                throw new ReflinkException(
                    inode.IsDirectory ? Errno.EISDIR : Errno.EINVAL, $"{inode} is a {inode.Type}; only regular files share blocks");
            }
        }
    }

    private static void CheckRange(Inode source, long from, long length, Inode target, long to)
    {
        CheckWithin(source, from, length, to);
        CheckOverlap(source, from, length, target, to);
    }

    private static void CheckWithin(Inode source, long from, long length, long to)
    {
        if (from < 0 || to < 0 || length < 0 || to > FileData.LargestFile - length || from > source.Size - length)
        {
            throw Invalid($"[{from},+{length}) is not within the source ({source.Size} bytes), or {to} is no offset");
        }

        if (((from | to) & InPage) != 0)
        {
            throw Invalid($"offsets {from} and {to} must be multiples of {Page.Size}");
        }
    }

    private static void CheckOverlap(Inode source, long from, long length, Inode target, long to)
    {
        if (source == target && from < to + length && to < from + length)
        {
            throw Invalid($"[{from},+{length}) and [{to},+{length}) of one file overlap");
        }
    }

    private long CopyBytes(OpenFile source, long from, OpenFile target, long to, long length)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent((int)Math.Min(length, MaxCopied));
        try
        {
            var done = 0L;
            while (done < length)
            {
                var part = buffer.AsSpan(0, (int)Math.Min(length - done, buffer.Length));
                var read = data.Read(source.Inode, from + done, part, source.Group);
                var written = data.Write(target.Inode, to + done, part[..read], target.Group);
                done += written;
                if (written < part.Length)
                {
                    break;
                }
            }

            target.Changed();
            return done;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ReflinkException Invalid(string why) => new(Errno.EINVAL, why);
}
