using System.Text;
using Reflink.Inodes;
using Reflink.Units;

namespace Reflink.Files;

/// <summary>Finds inodes by absolute path, following symbolic links, with the limits of path_resolution(7).</summary>
internal sealed class PathWalker(InodeTable inodes, Inode root)
{
    /// <summary>Bytes of the longest name.</summary>
    public const int LongestName = 255;

    private const int LongestPath = 4096;
    private const int MostLinks = 40;

    /// <summary>The inode that a path names.</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, EINVAL.</exception>
    public Inode Find(string path, bool followLast = true)
    {
        var links = 0;
        var (directory, name) = Walk(root, Absolute(path), ref links);
        return name.Length == 0 ? directory : Follow(directory, name, path, followLast, ref links);
    }

    /// <summary>The directory that holds, or is to hold, the last name of a path, and that name.</summary>
    /// <exception cref="ReflinkException">As for <see cref="Find"/>; EINVAL for the root.</exception>
    public (Inode Directory, string Name) FindParent(string path)
    {
        var links = 0;
        var (directory, name) = Walk(root, Absolute(path), ref links);
        return name is "" or "." or ".."
            ? throw new ReflinkException(Errno.EINVAL, $"'{path}' does not end in a name")
            : (directory, name);
    }

    /// <summary>The inode that a directory's name leads to, if there is one.</summary>
    public Inode? Child(Inode directory, string name) =>
        directory.Names!.TryGetValue(name, out var number) ? inodes[number] : null;

    // All names but the last are followed; the last is returned ("" for the root).
    private (Inode Directory, string Name) Walk(Inode start, string path, ref int links)
    {
        CheckLength("path", path, LongestPath - 1);
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var directory = start;
        for (var i = 0; i < names.Length; i++)
        {
            CheckLength("name", names[i], LongestName);
            if (i == names.Length - 1)
            {
                return (directory, names[i]);
            }

            directory = Follow(directory, names[i], path, followLast: true, ref links);
            if (!directory.IsDirectory)
            {
                throw new ReflinkException(Errno.ENOTDIR, $"'{names[i]}' in '{path}' is not a directory");
            }
        }

        return (directory, "");
    }

    private Inode Follow(Inode directory, string name, string path, bool followLast, ref int links)
    {
        var inode = name switch
        {
            "." => directory,
            ".." => inodes[directory.Parent],
            _ => Child(directory, name),
        };
        if (inode is null)
        {
            throw new ReflinkException(Errno.ENOENT, $"there is no '{name}' in '{path}'");
        }

        if (inode.Type != InodeType.SymbolicLink || !followLast)
        {
            return inode;
        }

        if (++links > MostLinks)
        {
            throw new ReflinkException(Errno.ELOOP, $"'{path}' leads through more than {MostLinks} symbolic links");
        }

        return FollowTarget(directory, inode.Target!, ref links);
    }

    // A relative target starts in the directory that holds the link; links on its way may be absolute again.
    private Inode FollowTarget(Inode directory, string target, ref int links)
    {
        var (parent, name) = Walk(target.StartsWith('/') ? root : directory, target, ref links);
        return name.Length == 0 ? parent : Follow(parent, name, target, followLast: true, ref links);
    }

    private static string Absolute(string path) => path.StartsWith('/')
        ? path
        : throw new ReflinkException(Errno.EINVAL, $"'{path}' is not absolute; paths in a volume begin with '/'");

    private static void CheckLength(string what, string text, int most)
    {
        if (Encoding.UTF8.GetByteCount(text) is var length && length > most)
        {
            throw new ReflinkException(Errno.ENAMETOOLONG, $"a {what} of {length} bytes; {most} are the most");
        }
    }
}
