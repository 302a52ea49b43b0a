using Reflink.Inodes;
using Reflink.Units;

namespace Reflink.Files;

/// <summary>
/// Cloning and deduplicating as a volume's users call it: the checks of FICLONE, FICLONERANGE and FIDEDUPERANGE (fs/remap_range.c,
/// as measured on XFS), then <see cref="Sharing"/>.
/// </summary>
public sealed class Remapper(Sharing sharing, FileData data, InodePages pages)
{
    private const long InPage = Page.Size - 1;

    /// <summary>Makes the target's contents the source's, in constant time (FICLONE).</summary>
    /// <exception cref="ReflinkException">EBADF, EISDIR, EINVAL.</exception>
    public void Clone(OpenFile source, OpenFile target)
    {
        CheckFiles(source, target, OpenFlags.Write);
        if (source.Inode == target.Inode)
        {
            throw new ReflinkException(Errno.EINVAL, $"{source.Inode} cannot be cloned onto itself");
        }

        CloneWhole(source.Inode, target.Inode);
    }

    /// <summary>Clones onto an empty or other file without asking for rights, as creating a clone does.</summary>
    internal void CloneWhole(Inode source, Inode target)
    {
        var size = source.Size;
        sharing.Clone(source, target);
        pages.Apply(new Change(ChangeKind.SetSize, target.Number) { Value = size });
        data.Touch(target);
    }

    /// <summary>
    /// Makes a range of the target share the source's blocks (FICLONERANGE). Length 0 means to the source's end. The range
    /// must be whole pages, save that it may end at the source's unaligned end if that is not inside the target.
    /// </summary>
    /// <exception cref="ReflinkException">EBADF, EISDIR, EINVAL, EFBIG.</exception>
    public void CloneRange(OpenFile source, long from, long length, OpenFile target, long to)
    {
        CheckFiles(source, target, OpenFlags.Write);
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
    /// <exception cref="ReflinkException">EBADF, EISDIR, EINVAL, EIO.</exception>
    public bool Dedupe(OpenFile source, long from, long length, OpenFile target, long to)
    {
        CheckFiles(source, target, OpenFlags.Read);
        if (length == 0)
        {
            return true;
        }

        CheckRange(source.Inode, from, length, target.Inode, to);
        if (to + length > target.Size)
        {
            throw Invalid($"[{to},{to + length}) reaches past the target's end ({target.Size})");
        }

        // Bytes behind the end of a file are nobody's and do not count, so a last part of a page is compared as bytes.
        var tail = (int)(length & InPage);
        var whole = new PageRange(PageIndex.Of(from), length >> Page.Shift);
        if (!sharing.AreEqual(source.Inode, whole, target.Inode, PageIndex.Of(to), target.Group)
            || !TailsAreEqual(source, from + length - tail, target, to + length - tail, tail))
        {
            return false;
        }

        var bothEnd = from + length == source.Size && to + length == target.Size;
        var range = bothEnd && tail != 0 ? whole with { Length = whole.Length + 1 } : whole;
        if (!range.IsEmpty)
        {
            sharing.CloneRange(source.Inode, range, target.Inode, PageIndex.Of(to));
        }

        return true;
    }

    private static void CheckFiles(OpenFile source, OpenFile target, OpenFlags targetFlag)
    {
        source.Require(OpenFlags.Read);
        target.Require(targetFlag);
        foreach (var inode in (ReadOnlySpan<Inode>)[source.Inode, target.Inode])
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
