using Reflink.Files;
using Reflink.Inodes;

namespace Reflink;

/// <content>Renaming, with the checks of do_renameat2 in fs/namei.c in their order.</content>
public sealed partial class Volume
{
    /// <summary>Renames, replacing what bears the new name (a file by a file, an empty directory by a directory).</summary>
    /// <exception cref="ReflinkException">ENOENT, EISDIR, ENOTDIR, ENOTEMPTY (what is to be replaced holds it), EBUSY (".", ".." and the root), EEXIST (also a directory that is not empty, as on XFS), EPERM (immutable), EINVAL for a directory into itself and for flags that are not known.</exception>
    /// <example><code>
    /// machine.Volume.Clone("/lib", "/copy");
    /// machine.Volume.Rename("/copy", "/other");
    /// </code></example>
    public void Rename(string path, string newPath, RenameFlags flags = RenameFlags.None)
    {
        if (flags is not (RenameFlags.None or RenameFlags.NoReplace or RenameFlags.Exchange))
        {
            throw new ReflinkException(Errno.EINVAL, $"'{path}' cannot be renamed with {flags}: take NoReplace, Exchange or neither");
        }

        _ = PathWalker.Absolute(newPath);
        var (from, to) = (_walker.FindPlace(path), _walker.FindPlace(newPath));
        CheckNamed(from, path, Errno.EBUSY);
        CheckNamed(to, newPath, flags == RenameFlags.NoReplace ? Errno.EEXIST : Errno.EBUSY);
        var inode = _walker.Existing(from, path);
        var replaced = _walker.Child(to);
        if (replaced is not null && flags == RenameFlags.NoReplace)
        {
            throw new ReflinkException(Errno.EEXIST, $"'{newPath}' exists; choose another name or rename without NoReplace");
        }

        CheckSlashes(from, inode, path, to, replaced, newPath, flags);
        CheckNotInto(inode, to.Directory, path, newPath);
        if (flags == RenameFlags.Exchange)
        {
            Exchange(from, inode, to, replaced!, path, newPath);
            return;
        }

        if (replaced is not null && IsAbove(replaced, from.Directory))
        {
            throw new ReflinkException(Errno.ENOTEMPTY, $"'{newPath}' holds '{path}'; move it elsewhere");
        }

        if (replaced == inode)
        {
            return;
        }

        from.Directory.RequireMutable();
        inode.RequireMutable();
        to.Directory.RequireMutable();
        replaced?.RequireMutable();
        CheckReplacement(inode, replaced, newPath);
        Apply(Change.Unlink(from.Directory.Number, from.Name));
        Apply(Change.Modified(from.Directory.Number, _clock.Now));
        if (replaced is not null)
        {
            UnlinkFrom(to, replaced);
        }

        LinkIn(to, inode);
    }

    private static void CheckNamed(in Place place, string path, Errno error)
    {
        if (!place.IsNamed)
        {
            throw new ReflinkException(error, $"'{path}' does not end in a name that can be renamed; write the directory's own name");
        }
    }

    // Slashes behind what is no directory; a new name may have them if a directory moves there.
    private static void CheckSlashes(in Place from, Inode inode, string path, in Place to, Inode? replaced, string newPath, RenameFlags flags)
    {
        if (flags == RenameFlags.Exchange)
        {
            if (replaced is null)
            {
                throw new ReflinkException(Errno.ENOENT, $"there is no '{newPath}' to exchange '{path}' with; rename without Exchange");
            }

            if (to.EndsInSlash && !replaced.IsDirectory)
            {
                throw NoDirectory(newPath);
            }
        }

        if (!inode.IsDirectory && (from.EndsInSlash || (to.EndsInSlash && flags != RenameFlags.Exchange)))
        {
            throw NoDirectory(path);
        }
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

        if (replaced.Names is { Count: > 0 })
        {
            // XFS says EEXIST here where others say ENOTEMPTY; rename(2) allows both.
            throw new ReflinkException(Errno.EEXIST, $"'{path}' holds {replaced.Names.Count} names; remove them first");
        }
    }

    private void CheckNotInto(Inode inode, Inode directory, string path, string newPath)
    {
        if (IsAbove(inode, directory))
        {
            throw new ReflinkException(Errno.EINVAL, $"'{path}' cannot move into itself, to '{newPath}'");
        }
    }

    // Whether an inode is a directory or lies above it.
    private bool IsAbove(Inode inode, Inode directory)
    {
        while (directory != inode && directory != Root)
        {
            directory = _inodes[directory.Parent];
        }

        return directory == inode;
    }

    private void Exchange(in Place one, Inode here, in Place two, Inode there, string path, string newPath)
    {
        CheckNotInto(there, one.Directory, newPath, path);
        if (there == here)
        {
            return;
        }

        one.Directory.RequireMutable();
        here.RequireMutable();
        two.Directory.RequireMutable();
        there.RequireMutable();
        Apply(Change.Unlink(one.Directory.Number, one.Name));
        Apply(Change.Unlink(two.Directory.Number, two.Name));
        LinkIn(one, there);
        LinkIn(two, here);
    }
}
