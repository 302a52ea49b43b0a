using Reflink.Inodes;
using Reflink.Units;

namespace Reflink.Files;

/// <summary>
/// Cloning and deduplicating as a volume's users call it: the checks of FICLONE, FICLONERANGE and FIDEDUPERANGE (fs/remap_range.c,
/// as measured on XFS), then <see cref="Sharing"/>.
/// </summary>
internal sealed class Remapper(Sharing sharing, FileData data, InodePages pages)
{
    private const long InPage = Page.Size - 1;

    /// <summary>Makes the target share all of the source's blocks, in constant time unless the target is longer and keeps its rest (FICLONE).</summary>
    /// <exception cref="ReflinkException">EBADF, EISDIR, EINVAL; ENOSPC as for <see cref="Sharing.Clone"/>.</exception>
    public void Clone(OpenFile source, OpenFile target)
    {
        if (target.Size > source.Size)
        {
            CloneRange(source, 0, 0, target, 0);
        }
        else
        {
            Replace(source, target);
        }
    }

    /// <summary>Makes the target's contents the source's, whatever it held: what cp --reflink does by emptying the target first.</summary>
    /// <exception cref="ReflinkException">EBADF, EISDIR, EINVAL; ENOSPC as for <see cref="Sharing.Clone"/>.</exception>
    public void Replace(OpenFile source, OpenFile target)
    {
        CheckFiles(source, target);
        if (source.Inode == target.Inode)
        {
            throw Invalid($"{source.Inode} cannot be cloned onto itself");
        }

        sharing.Clone(source.Inode, target.Inode);
        pages.Apply(new Change(ChangeKind.SetSize, target.Inode.Number) { Value = source.Size });
        data.Touch(target.Inode);
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
        sharing.CloneRange(source.Inode, range, target.Inode, PageIndex.Of(to));
        if (to + length > target.Size)
        {
            pages.Apply(new Change(ChangeKind.SetSize, target.Inode.Number) { Value = to + length });
        }

        data.Touch(target.Inode);
    }

    /// <summary>
    /// Makes a range of the target share the source's blocks if both hold the same bytes (FIDEDUPERANGE). A last part of a
    /// page counts as equal but is shared only where both files end.
    /// </summary>
    /// <returns>Whether the bytes were equal.</returns>
    /// <exception cref="ReflinkException">EBADF, EISDIR, EINVAL (for a source that may not be read, too), ENOMEM, EIO; ENOSPC as for <see cref="Sharing.Clone"/>.</exception>
    public bool Dedupe(OpenFile source, long from, long length, OpenFile target, long to)
    {
        target.Require(target.CanWrite ? OpenFlags.Write : OpenFlags.Read);
        CheckRegular(source.Inode, target.Inode);
        if (!source.CanRead)
        {
            throw Invalid($"{source.Inode} is not open to be read, so its bytes cannot be compared");
        }

        if (length == 0)
        {
            return true;
        }

        CheckRange(source.Inode, from, length, target.Inode, to);
        if (to + length > target.Size)
        {
            throw Invalid($"[{to},{to + length}) reaches past the target's end ({target.Size})");
        }

        pages.WriteBack(source.Inode, new PageRange(PageIndex.Of(from), Page.CountFor(length)));
        pages.WriteBack(target.Inode, new PageRange(PageIndex.Of(to), Page.CountFor(length)));

        // What lies behind the end in a last page is not compared: a mapping may have scribbled on it.
        var tail = (int)(length & InPage);
        var range = new PageRange(PageIndex.Of(from), length >> Page.Shift);
        if (!sharing.AreEqual(source.Inode, range, target.Inode, PageIndex.Of(to), target.Group)
            || !TailsAreEqual(source, from + length - tail, target, to + length - tail, tail))
        {
            return false;
        }

        var bothEnd = tail != 0 && from + length == source.Size && to + length == target.Size;
        var shared = range with { Length = range.Length + (bothEnd ? 1 : 0) };
        if (!shared.IsEmpty)
        {
            sharing.CloneRange(source.Inode, shared, target.Inode, PageIndex.Of(to));
        }

        return true;
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
        if (from < 0 || to < 0 || length < 0 || to > FileData.LargestFile - length || from > source.Size - length)
        {
            throw Invalid($"[{from},+{length}) is not within the source ({source.Size} bytes), or {to} is no offset");
        }

        if (((from | to) & InPage) != 0)
        {
            throw Invalid($"offsets {from} and {to} must be multiples of {Page.Size}");
        }

        if (source == target && from < to + length && to < from + length)
        {
            throw Invalid($"[{from},+{length}) and [{to},+{length}) of one file overlap");
        }
    }

    private bool TailsAreEqual(OpenFile source, long from, OpenFile target, long to, int length)
    {
        Span<byte> one = stackalloc byte[length];
        Span<byte> two = stackalloc byte[length];
        return data.Read(source.Inode, from, one, source.Group) == data.Read(target.Inode, to, two, target.Group)
            && one.SequenceEqual(two);
    }

    private static ReflinkException Invalid(string why) => new(Errno.EINVAL, why);
}
