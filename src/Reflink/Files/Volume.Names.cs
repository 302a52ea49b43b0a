using System.Text;
using Reflink.Files;
using Reflink.Inodes;

namespace Reflink;

/// <content>Names: links, symbolic links and unlinking.</content>
public sealed partial class Volume
{
    // XFS_SYMLINK_MAXLEN (1,024) counts the end of the string.
    private const int LongestTarget = 1023;

    /// <summary>Makes a symbolic link.</summary>
    /// <exception cref="ReflinkException">ENAMETOOLONG for a target of more than 1,023 bytes, EEXIST, ENOENT, ENOTDIR, EINVAL for a NUL.</exception>
    public void MakeSymbolicLink(string target, string path)
    {
        PathWalker.CheckText(target);
        if (target.Length == 0)
        {
            throw new ReflinkException(Errno.ENOENT, $"'{path}' cannot lead to nothing; name a target");
        }

        var place = NewName(path, InodeType.SymbolicLink);
        var bytes = Encoding.UTF8.GetByteCount(target);
        if (bytes > LongestTarget)
        {
            throw new ReflinkException(Errno.ENAMETOOLONG, $"'{path}' cannot lead to a name of {bytes} bytes; {LongestTarget} are the most");
        }

        var inode = Make(InodeType.SymbolicLink, FileModes.Everything);
        Apply(Change.SetTarget(inode.Number, target));
        Apply(Change.SetSize(inode.Number, bytes));
        LinkIn(place, inode);
    }

    /// <summary>What a symbolic link says.</summary>
    /// <exception cref="ReflinkException">EINVAL if it is none.</exception>
    public string ReadLink(string path) => _walker.FindLink(path).Target
        ?? throw new ReflinkException(Errno.EINVAL, $"'{path}' is not a symbolic link");

    /// <summary>Gives an open file without a name its first (linkat(2) with AT_EMPTY_PATH).</summary>
    /// <exception cref="ReflinkException">ENOENT: its last name was taken away, or it is never to have one; EEXIST, ENOTDIR, EPERM (immutable).</exception>
    public void Link(OpenFile file, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        var inode = file.Inode;
        if (inode.Links == 0 && !inode.IsLinkable)
        {
            throw new ReflinkException(Errno.ENOENT, $"{inode} lost its last name and gets no other; copy it instead");
        }

        var place = NewName(path, InodeType.Regular);
        inode.RequireMutable();
        inode.IsLinkable = false;
        LinkIn(place, inode);
    }

    /// <summary>Gives a file another name.</summary>
    /// <exception cref="ReflinkException">EEXIST, ENOENT, EPERM for a directory.</exception>
    public void Link(string existing, string path)
    {
        _ = PathWalker.Absolute(path);
        var inode = _walker.FindLink(existing);
        var place = NewName(path, InodeType.Regular);
        if (inode.IsDirectory)
        {
            throw new ReflinkException(Errno.EPERM, $"'{existing}' is a directory; directories have one name");
        }

        inode.RequireMutable();
        LinkIn(place, inode);
    }

    /// <summary>Takes a name away; the file goes with its last name, when nobody has it open or mapped.</summary>
    /// <exception cref="ReflinkException">ENOENT, EISDIR, ENOTDIR (a slash at the end), EPERM (immutable).</exception>
    /// <example><code>
    /// machine.Volume.Clone("/lib", "/copy");
    /// machine.Volume.Unlink("/copy");
    /// </code></example>
    public void Unlink(string path)
    {
        var place = _walker.FindPlace(path);
        if (!place.IsNamed)
        {
            throw IsDirectory(path);
        }

        var inode = _walker.Existing(place, path);
        if (place.EndsInSlash)
        {
            throw inode.IsDirectory ? IsDirectory(path) : NoDirectory(path);
        }

        place.Directory.RequireMutable();
        inode.RequireMutable();
        if (inode.IsDirectory)
        {
            throw IsDirectory(path);
        }

        UnlinkFrom(place, inode);
    }

    /// <summary>Removes an empty directory.</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ENOTEMPTY (also for ".."), EINVAL ("."), EBUSY (the root), EPERM (immutable).</exception>
    public void RemoveDirectory(string path)
    {
        var place = _walker.FindPlace(path);
        if (!place.IsNamed)
        {
            var error = place.Name switch { "" => Errno.EBUSY, "." => Errno.EINVAL, _ => Errno.ENOTEMPTY };
            throw new ReflinkException(error, $"'{path}' does not end in the name of a directory; name the one to remove");
        }

        var inode = _walker.Existing(place, path);
        place.Directory.RequireMutable();
        inode.RequireMutable();
        if (!inode.IsDirectory)
        {
            throw NoDirectory(path);
        }

        if (inode.Names is { Count: > 0 })
        {
            throw new ReflinkException(Errno.ENOTEMPTY, $"'{path}' holds {inode.Names.Count} names; remove them first");
        }

        UnlinkFrom(place, inode);
    }

    private static ReflinkException IsDirectory(string path) => new(Errno.EISDIR, $"'{path}' is a directory; remove it with RemoveDirectory");

    private static ReflinkException NoDirectory(string path) => new(Errno.ENOTDIR, $"'{path}' is not a directory; leave out slashes at the end, and unlink what is to go");

    private Place NewName(string path, InodeType type)
    {
        var place = _walker.FindPlace(path);
        if (!place.IsNamed || _walker.Child(place) is not null)
        {
            throw new ReflinkException(Errno.EEXIST, $"'{path}' exists; remove it or choose another name");
        }

        if (place.EndsInSlash && type != InodeType.Directory)
        {
            throw new ReflinkException(Errno.ENOENT, $"there is no directory '{path}'; leave the slash out");
        }

        place.Directory.RequireMutable();
        return place;
    }

    private void LinkIn(in Place place, Inode inode)
    {
        Apply(Change.Link(place.Directory.Number, place.Name, inode.Number));
        Apply(Change.Modified(place.Directory.Number, _clock.Now));
        Apply(Change.AttributesChanged(inode.Number, _clock.Now));
    }

    private void UnlinkFrom(in Place place, Inode inode)
    {
        Apply(Change.Unlink(place.Directory.Number, place.Name));
        Apply(Change.Modified(place.Directory.Number, _clock.Now));
        Apply(Change.AttributesChanged(inode.Number, _clock.Now));
        _metadata.RemoveIfUnused(inode);
    }
}
