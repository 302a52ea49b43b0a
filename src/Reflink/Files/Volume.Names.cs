using System.Text;
using Reflink.Inodes;
using Reflink.Units;

namespace Reflink.Files;

/// <content>Names: links, symbolic links, renaming and unlinking.</content>
public sealed partial class Volume
{
    // XFS_SYMLINK_MAXLEN (1,024) counts the end of the string.
    private const int LongestTarget = 1023;

    /// <summary>Makes a symbolic link.</summary>
    /// <exception cref="ReflinkException">ENAMETOOLONG for a target of more than 1,023 bytes, EEXIST, ENOENT, ENOTDIR.</exception>
    public void MakeSymbolicLink(string target, string path)
    {
        var (directory, name) = NewName(path);
        if (target.Length == 0 || Encoding.UTF8.GetByteCount(target) > LongestTarget)
        {
            throw new ReflinkException(
                target.Length == 0 ? Errno.ENOENT : Errno.ENAMETOOLONG, $"a symbolic link to '{target}'; targets have 1 to {LongestTarget} bytes");
        }

        var inode = Make(InodeType.SymbolicLink, 0x1FF);
        Apply(new Change(ChangeKind.SetTarget, inode.Number) { Name = target });
        Apply(new Change(ChangeKind.SetSize, inode.Number) { Value = System.Text.Encoding.UTF8.GetByteCount(target) });
        LinkIn(directory, name, inode);
    }

    /// <summary>What a symbolic link says.</summary>
    /// <exception cref="ReflinkException">EINVAL if it is none.</exception>
    public string ReadLink(string path) => _walker.Find(path, followLast: false).Target
        ?? throw new ReflinkException(Errno.EINVAL, $"'{path}' is not a symbolic link");

    /// <summary>Gives an open file without a name its first (linkat(2) with AT_EMPTY_PATH).</summary>
    /// <exception cref="ReflinkException">ENOENT: its last name was taken away, or it is never to have one; EEXIST, ENOTDIR, EPERM (immutable).</exception>
    public void Link(OpenFile file, string path)
    {
        var inode = file.Inode;
        if (inode.Links == 0 && !inode.IsLinkable)
        {
            throw new ReflinkException(Errno.ENOENT, $"{inode} lost its last name and gets no other; copy it instead");
        }

        inode.RequireMutable();
        var (directory, name) = NewName(path);
        inode.IsLinkable = false;
        LinkIn(directory, name, inode);
    }

    /// <summary>Gives a file another name.</summary>
    /// <exception cref="ReflinkException">EEXIST, ENOENT, EPERM for a directory.</exception>
    public void Link(string existing, string path)
    {
        var inode = _walker.Find(existing, followLast: false);
        if (inode.IsDirectory)
        {
            throw new ReflinkException(Errno.EPERM, $"'{existing}' is a directory; directories have one name");
        }

        inode.RequireMutable();

        var (directory, name) = NewName(path);
        LinkIn(directory, name, inode);
    }

    /// <summary>Takes a name away; the file goes with its last name, when nobody has it open or mapped.</summary>
    /// <exception cref="ReflinkException">ENOENT, EISDIR.</exception>
    public void Unlink(string path)
    {
        var (directory, name, inode) = Existing(path);
        if (inode.IsDirectory)
        {
            throw new ReflinkException(Errno.EISDIR, $"'{path}' is a directory; remove it with RemoveDirectory");
        }

        inode.RequireMutable();
        UnlinkFrom(directory, name, inode);
    }

    /// <summary>Removes an empty directory.</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ENOTEMPTY.</exception>
    public void RemoveDirectory(string path)
    {
        var (directory, name, inode) = Existing(path);
        if (!inode.IsDirectory)
        {
            throw new ReflinkException(Errno.ENOTDIR, $"'{path}' is not a directory; unlink it");
        }

        CheckEmpty(inode, path);
        inode.RequireMutable();
        UnlinkFrom(directory, name, inode);
    }

    /// <summary>Renames, replacing what bears the new name (a file by a file, an empty directory by a directory).</summary>
    /// <exception cref="ReflinkException">ENOENT, EISDIR, ENOTDIR, ENOTEMPTY, EINVAL for a directory into itself.</exception>
    public void Rename(string path, string newPath, RenameFlags flags = RenameFlags.None)
    {
        if ((flags & (RenameFlags.NoReplace | RenameFlags.Exchange)) == (RenameFlags.NoReplace | RenameFlags.Exchange))
        {
            throw new ReflinkException(Errno.EINVAL, $"'{path}' cannot be renamed with {flags}: take one of them");
        }

        var (from, name, inode) = Existing(path);
        var (to, newName) = _walker.FindParent(newPath);
        CheckNotInto(inode, to, path, newPath);
        var replaced = _walker.Child(to, newName);
        if (replaced == inode && flags == RenameFlags.None)
        {
            return;
        }

        inode.RequireMutable();
        to.RequireMutable();
        replaced?.RequireMutable();
        if ((flags & RenameFlags.Exchange) != 0)
        {
            Exchange((from, name, inode), (to, newName, replaced), path, newPath);
            return;
        }

        if (replaced is not null && (flags & RenameFlags.NoReplace) != 0)
        {
            throw new ReflinkException(Errno.EEXIST, $"'{newPath}' exists; choose another name or rename without NoReplace");
        }

        CheckReplacement(inode, replaced, newPath);
        Apply(new Change(ChangeKind.Unlink, from.Number) { Name = name });
        Apply(new Change(ChangeKind.Modified, from.Number) { Value = _clock.Now });
        if (replaced is not null)
        {
            UnlinkFrom(to, newName, replaced);
        }

        LinkIn(to, newName, inode);
    }

    private (Inode Directory, string Name) NewName(string path)
    {
        var (directory, name) = _walker.FindParent(path);
        directory.RequireMutable();
        return _walker.Child(directory, name) is null
            ? (directory, name)
            : throw new ReflinkException(Errno.EEXIST, $"'{path}' exists; remove it or choose another name");
    }

    private (Inode Directory, string Name, Inode Inode) Existing(string path)
    {
        var (directory, name) = _walker.FindParent(path);
        var inode = _walker.Child(directory, name)
            ?? throw new ReflinkException(Errno.ENOENT, $"there is no '{name}' in '{path}'");
        directory.RequireMutable();
        return (directory, name, inode);
    }

    private void CheckReplacement(Inode inode, Inode? replaced, string path)
    {
        if (replaced is null)
        {
            return;
        }

        if (inode.IsDirectory != replaced.IsDirectory)
        {
            throw new ReflinkException(
                replaced.IsDirectory ? Errno.EISDIR : Errno.ENOTDIR, $"'{path}' is {(replaced.IsDirectory ? "a" : "no")} directory");
        }

        CheckEmpty(replaced, path);
    }

    private static void CheckEmpty(Inode inode, string path)
    {
        if (inode.Names is { Count: > 0 })
        {
            throw new ReflinkException(Errno.ENOTEMPTY, $"'{path}' holds {inode.Names.Count} names; remove them first");
        }
    }

    private void CheckNotInto(Inode inode, Inode directory, string path, string newPath)
    {
        for (var above = directory; inode.IsDirectory; above = _inodes[above.Parent])
        {
            if (above == inode)
            {
                throw new ReflinkException(Errno.EINVAL, $"'{path}' cannot move into itself, to '{newPath}'");
            }

            if (above == Root)
            {
                break;
            }
        }
    }

    private void Exchange(
        (Inode Directory, string Name, Inode Inode) one, (Inode Directory, string Name, Inode? Inode) two, string path, string newPath)
    {
        if (two.Inode is not { } other)
        {
            throw new ReflinkException(Errno.ENOENT, $"there is no '{newPath}' to exchange '{path}' with; rename without Exchange");
        }

        CheckNotInto(other, one.Directory, newPath, path);
        if (other == one.Inode)
        {
            return;
        }

        Apply(new Change(ChangeKind.Unlink, one.Directory.Number) { Name = one.Name });
        Apply(new Change(ChangeKind.Unlink, two.Directory.Number) { Name = two.Name });
        LinkIn(one.Directory, one.Name, other);
        LinkIn(two.Directory, two.Name, one.Inode);
    }

    private void LinkIn(Inode directory, string name, Inode inode)
    {
        Apply(new Change(ChangeKind.Link, directory.Number) { Name = name, Other = inode.Number });
        Apply(new Change(ChangeKind.Modified, directory.Number) { Value = _clock.Now });
        Apply(new Change(ChangeKind.AttributesChanged, inode.Number) { Value = _clock.Now });
    }

    private void UnlinkFrom(Inode directory, string name, Inode inode)
    {
        Apply(new Change(ChangeKind.Unlink, directory.Number) { Name = name });
        Apply(new Change(ChangeKind.Modified, directory.Number) { Value = _clock.Now });
        Apply(new Change(ChangeKind.AttributesChanged, inode.Number) { Value = _clock.Now });
        _pages.RemoveIfUnused(inode);
    }
}
