using System.Text;
using Reflink.Files;
using Reflink.Inodes;

namespace Reflink;

/// <content>Modes, owners, times, flags and extended attributes.</content>
public sealed partial class Volume
{
    // linux/limits.h: XATTR_NAME_MAX, XATTR_SIZE_MAX.
    private const int LongestAttributeName = 255;
    private const int LargestAttribute = 65_536;

    // "system." holds access control lists, which a volume has none of: it answers as a filesystem without them does.
    private static readonly string[] s_namespaces = ["user.", "trusted.", "security."];

    /// <summary>Sets the permission and set-id bits (chmod(2)).</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP; EPERM: the file is immutable.</exception>
    public void SetMode(string path, UnixFileMode mode)
    {
        var inode = Changeable(path);
        SetOwner(inode, mode & FileModes.All, inode.Owner);
    }

    /// <summary>Gives a file to another user (chown(2)); the set-id bits of a file that is not a directory are cleared, even for root.</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP; EPERM: the file is immutable.</exception>
    public void SetOwner(string path, UserId owner)
    {
        var inode = Changeable(path);
        SetOwner(inode, inode.IsDirectory ? inode.Mode : WithoutPrivileges(inode.Mode), owner);
    }

    /// <summary>Sets the time of the last change of contents (utimensat(2)), in nanoseconds of the machine's clock.</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP; EPERM: the file is immutable.</exception>
    public void SetModified(string path, long time) =>
        Apply(Change.SetModified(Changeable(path).Number, time, _clock.Now));

    /// <summary>
    /// Sets the times of the last access and of the last change of contents (utimensat(2)), in nanoseconds of the machine's clock. A time that is null stays.
    /// </summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP; EPERM: the file is immutable.</exception>
    public void SetTimes(string path, long? accessed, long? modified) => SetTimes(Changeable(path), accessed, modified);

    /// <summary>The same of a symbolic link itself (AT_SYMLINK_NOFOLLOW); other files have no link in front of them.</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP; EPERM: the file is immutable.</exception>
    public void SetLinkTimes(string path, long? accessed, long? modified)
    {
        var inode = _walker.FindLink(path);
        inode.RequireMutable();
        SetTimes(inode, accessed, modified);
    }

    /// <summary>Sets the flags of a file (FS_IOC_SETFLAGS, chattr(1)).</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP; EOPNOTSUPP: a flag that is not known.</exception>
    public void SetFlags(string path, InodeFlags flags)
    {
        if ((flags & ~InodeFlags.Immutable) != 0)
        {
            throw new ReflinkException(Errno.EOPNOTSUPP, $"the flags {flags} for '{path}': only Immutable is known");
        }

        var inode = _walker.Find(path);
        Apply(Change.SetFlags(inode.Number, flags));
        Note(inode);
    }

    /// <summary>Sets an extended attribute (setxattr(2)).</summary>
    /// <param name="path">The file's path; the last symbolic link is followed.</param>
    /// <param name="name">Its name, in one of the namespaces user, trusted and security.</param>
    /// <param name="value">Its value, at most 65,536 bytes.</param>
    /// <param name="flags">Whether it must be new, or there.</param>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP, EPERM (immutable), EOPNOTSUPP (no such namespace), ERANGE (the name's length), E2BIG (the value), EEXIST, ENODATA, EINVAL (a flag that is not known, nothing behind the namespace).</exception>
    public void SetAttribute(string path, string name, ReadOnlySpan<byte> value, AttributeFlags flags = AttributeFlags.None)
    {
        if ((flags & ~(AttributeFlags.Create | AttributeFlags.Replace)) != 0)
        {
            throw new ReflinkException(Errno.EINVAL, $"the attribute '{name}' cannot be set with {flags}: take Create, Replace or none");
        }

        CheckAttributeLength(name);
        if (value.Length > LargestAttribute)
        {
            throw new ReflinkException(Errno.E2BIG, $"an attribute of {value.Length} bytes; {LargestAttribute} are the most");
        }

        var inode = Changeable(path);
        CheckNamespace(name);
        var isThere = inode.Attributes?.ContainsKey(name) ?? false;
        if (isThere ? (flags & AttributeFlags.Create) != 0 : flags == AttributeFlags.Replace)
        {
            throw new ReflinkException(
                isThere ? Errno.EEXIST : Errno.ENODATA, $"'{path}' has {(isThere ? "an" : "no")} attribute '{name}'; set it without {flags}");
        }

        Apply(Change.SetAttribute(inode.Number, name, value.ToArray()));
        Note(inode);
    }

    /// <summary>An extended attribute's value (getxattr(2)).</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP; ENODATA: there is none of that name; ERANGE, EOPNOTSUPP, EINVAL: nor can there be.</exception>
    public ReadOnlyMemory<byte> GetAttribute(string path, string name)
    {
        CheckAttributeLength(name);
        return AttributesWith(_walker.Find(path), name)[name];
    }

    /// <summary>The names of a file's extended attributes, in ordinal order (listxattr(2)).</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP.</exception>
    public IReadOnlyList<string> ListAttributes(string path) => [.. _walker.Find(path).Attributes?.Keys ?? Enumerable.Empty<string>()];

    /// <summary>Removes an extended attribute (removexattr(2)).</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP; EPERM: the file is immutable; ENODATA: there is none of that name; ERANGE, EOPNOTSUPP, EINVAL: nor can there be.</exception>
    public void RemoveAttribute(string path, string name)
    {
        CheckAttributeLength(name);
        var inode = Changeable(path);
        _ = AttributesWith(inode, name);
        Apply(Change.RemoveAttribute(inode.Number, name));
        Note(inode);
    }

    /// <summary>
    /// Takes from a file the rights that it gave those who run it, now that somebody changed what is run: set-id bits unless it was
    /// root (CAP_FSETID), capabilities always (file_remove_privs in fs/inode.c).
    /// </summary>
    internal void DropPrivileges(Inode inode, UserId user)
    {
        if (user != default)
        {
            SetOwner(inode, WithoutPrivileges(inode.Mode), inode.Owner);
        }

        if (inode.Attributes?.ContainsKey(InodeTable.Capability) ?? false)
        {
            Apply(Change.RemoveAttribute(inode.Number, InodeTable.Capability));
        }
    }

    // S_ISGID gives no right where the group may not execute, and stays (setattr_should_drop_sgid in fs/attr.c).
    private static UnixFileMode WithoutPrivileges(UnixFileMode mode) =>
        mode & ~((mode & UnixFileMode.GroupExecute) != 0 ? FileModes.SetIds : UnixFileMode.SetUser);

    // What the kernel looks at before it looks for the file (xattr_resolve_name comes behind it).
    private static void CheckAttributeLength(string name)
    {
        PathWalker.CheckText(name);
        if (Encoding.UTF8.GetByteCount(name) is var length and (0 or > LongestAttributeName))
        {
            throw new ReflinkException(Errno.ERANGE, $"an attribute's name of {length} bytes; it has 1 to {LongestAttributeName}");
        }
    }

    private static void CheckNamespace(string name)
    {
        var space = s_namespaces.FirstOrDefault(n => name.StartsWith(n, StringComparison.Ordinal))
            ?? throw new ReflinkException(Errno.EOPNOTSUPP, $"'{name}' is no name of an attribute; names begin with {string.Join(", ", s_namespaces)}");
        if (name.Length == space.Length)
        {
            throw new ReflinkException(Errno.EINVAL, $"'{name}' is no name of an attribute; write one behind the namespace");
        }
    }

    private static SortedDictionary<string, byte[]> AttributesWith(Inode inode, string name)
    {
        CheckNamespace(name);
        return inode.Attributes is { } attributes && attributes.ContainsKey(name)
            ? attributes
            : throw new ReflinkException(Errno.ENODATA, $"{inode} has no attribute '{name}'");
    }

    private Inode Changeable(string path)
    {
        var inode = _walker.Find(path);
        inode.RequireMutable();
        return inode;
    }

    private void SetTimes(Inode inode, long? accessed, long? modified)
    {
        if (accessed is { } read)
        {
            Apply(Change.SetAccessed(inode.Number, read, _clock.Now));
        }

        if (modified is { } written)
        {
            Apply(Change.SetModified(inode.Number, written, _clock.Now));
        }
    }

    private void SetOwner(Inode inode, UnixFileMode mode, UserId owner)
    {
        Apply(Change.SetOwner(inode.Number, mode, owner));
        Note(inode);
    }

    private void Note(Inode inode) => Apply(Change.AttributesChanged(inode.Number, _clock.Now));
}
