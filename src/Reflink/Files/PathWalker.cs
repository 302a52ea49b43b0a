using System.Runtime.CompilerServices;
using System.Text;
using Reflink.Files.Pages;
using Reflink.Inodes;

namespace Reflink.Files;

/// <summary>Finds inodes by absolute path, following symbolic links, with the limits of path_resolution(7) and the order of checks of fs/namei.c.</summary>
internal sealed class PathWalker(InodeTable inodes, Inode root, Metadata metadata)
{
    /// <summary>Bytes of the longest name.</summary>
    public const int LongestName = 255;

    private const int LongestPath = 4096;
    private const int MaxLinks = 40;

    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The inode that a path names. Slashes at its end ask for a directory, and follow a link to one.</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, EINVAL.</exception>
    public Inode Find(string path)
    {
        var links = 0;
        return Reach(Walk(root, Absolute(path), ref links), path, ref links);
    }

    /// <summary>The same, but a last name that is a symbolic link, without slashes behind it, names the link itself (AT_SYMLINK_NOFOLLOW).</summary>
    /// <exception cref="ReflinkException">As for <see cref="Find"/>.</exception>
    public Inode FindLink(string path)
    {
        var links = 0;
        var place = Walk(root, Absolute(path), ref links);
        return place.EndsInSlash ? Reach(place, path, ref links) : Existing(place, path);
    }

    /// <summary>The place of a path's last name, which may be there or not.</summary>
    /// <exception cref="ReflinkException">As for <see cref="Find"/>.</exception>
    public Place FindPlace(string path)
    {
        var links = 0;
        return Walk(root, Absolute(path), ref links);
    }

    /// <summary>The place where a file is opened or made: a last name that is a symbolic link leads on, even to where nothing is yet.</summary>
    /// <exception cref="ReflinkException">As for <see cref="Find"/>.</exception>
    public Place FindPlaceBehindLinks(string path)
    {
        var links = 0;
        var place = Walk(root, Absolute(path), ref links);
        while (!place.EndsInSlash && Child(place) is { Type: InodeType.SymbolicLink } link)
        {
            place = Follow(place.Directory, link, path, ref links);
        }

        return place;
    }

    /// <summary>The inode at a place, if there is one.</summary>
    /// <exception cref="ReflinkException">ENAMETOOLONG.</exception>
    public Inode? Child(in Place place)
    {
        switch (place.Name)
        {
            case "" or ".":
                return place.Directory;
            case "..":
                return inodes[place.Directory.Parent];
            default:
                CheckLength("name", place.Name, LongestName);
                return place.Directory.Names!.TryGetValue(place.Name, out var number) ? inodes[number] : null;
        }
    }

    /// <summary>The inode at a place of a path.</summary>
    /// <exception cref="ReflinkException">ENOENT, ENAMETOOLONG.</exception>
    public Inode Existing(in Place place, string path) =>
        Child(place) ?? throw new ReflinkException(Errno.ENOENT, $"'{path}' does not exist{(path.EndsWith(place.Name, StringComparison.Ordinal) ? "" : $", as '{place.Name}' does not")}; make it first, or name another");

    /// <summary>Refuses a string that is not a path, before anything is looked up, as the kernel does when it copies a path in (getname in fs/namei.c).</summary>
    /// <exception cref="ReflinkException">EINVAL, ENOENT (empty), ENAMETOOLONG.</exception>
    public static string Absolute(string path)
    {
        CheckText(path);
        CheckLength("path", path, LongestPath - 1);
        return path.StartsWith('/') ? path : throw new ReflinkException(
            path.Length == 0 ? Errno.ENOENT : Errno.EINVAL, $"'{path}' is not absolute; paths in a volume begin with '/'");
    }

    /// <summary>Refuses what the kernel could not be told: a name holds no NUL, and is valid Unicode.</summary>
    /// <exception cref="ReflinkException">EINVAL.</exception>
    public static void CheckText(string text, [CallerArgumentExpression(nameof(text))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(text, name);
        try
        {
            _ = s_strict.GetByteCount(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ReflinkException(Errno.EINVAL, "a name with half a surrogate pair has no form in UTF-8; use valid Unicode", e);
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ReflinkException(Errno.EINVAL, $"'{text.Replace("\0", "\\0", StringComparison.Ordinal)}' holds a NUL, which ends a name; leave it out");
        }
    }

    // All names but the last are followed.
    private Place Walk(Inode start, string path, ref int links)
    {
        metadata.RequireOn();
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0)
        {
            return new(root, "", EndsInSlash: true);
        }

        var directory = start;
        foreach (var name in names.AsSpan(..^1))
        {
            directory = Reach(new(directory, name, EndsInSlash: true), path, ref links);
        }

        return new(directory, names[^1], path.EndsWith('/'));
    }

    private Inode Reach(in Place place, string path, ref int links)
    {
        var inode = Existing(place, path);
        if (inode.Type == InodeType.SymbolicLink)
        {
            inode = Reach(Follow(place.Directory, inode, path, ref links), inode.Target!, ref links);
        }

        return inode.IsDirectory || !place.EndsInSlash
            ? inode
            : throw new ReflinkException(Errno.ENOTDIR, $"'{place.Name}' in '{path}' is not a directory");
    }

    // A relative target starts in the directory that holds the link; links on its way may be absolute again.
    private Place Follow(Inode directory, Inode link, string path, ref int links) => ++links <= MaxLinks
        ? Walk(link.Target!.StartsWith('/') ? root : directory, link.Target, ref links)
        : throw new ReflinkException(Errno.ELOOP, $"'{path}' leads through more than {MaxLinks} symbolic links");

    private static void CheckLength(string what, string text, int most)
    {
        if (Encoding.UTF8.GetByteCount(text) is var length && length > most)
        {
            throw new ReflinkException(Errno.ENAMETOOLONG, $"a {what} of {length} bytes; {most} are the most");
        }
    }
}
