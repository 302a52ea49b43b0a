using Reflink.Inodes;
using Reflink.Space;
using Reflink.Units;

namespace Reflink.Files;

/// <summary>
/// A filesystem with reflinks: names, files and their bytes. Every path is absolute. Contents go through the machine's page
/// cache; blocks are shared by everyone who reaches them.
/// </summary>
public sealed class Volume
{
    private readonly BlockSpace _space;
    private readonly InodeTable _inodes;
    private readonly InodePages _pages;
    private readonly Remapper _remapper;
    private readonly PathWalker _walker;
    private readonly IClock _clock;

    /// <summary>Makes an empty volume with a root directory.</summary>
    internal Volume(BlockSpace space, InodeTable inodes, InodePages pages, Sharing sharing, FileData data, IClock clock)
    {
        (_space, _inodes, _pages, _clock, Data) = (space, inodes, pages, clock, data);
        _remapper = new Remapper(sharing, data, pages);
        Root = inodes.TryFind(new InodeNumber(1), out var root) ? root : Make(InodeType.Directory, 0x1ED);
        _walker = new PathWalker(inodes, Root);
    }

    /// <summary>The root directory.</summary>
    public Inode Root { get; }

    /// <summary>Blocks of 4,096 bytes that the volume may hold, and how many of them are free.</summary>
    public (long Total, long Free) Blocks => (_space.Capacity, _space.Capacity - _space.Live(BlockKind.Stored));

    internal FileData Data { get; }

    /// <summary>
    /// Makes all that was done to the volume so far outlast any crash: after one, the volume is exactly as it was when some
    /// sync ended that had ended before, or as it was at a sync that was under way. It costs what changed since the last; where
    /// nothing did, nothing. A volume that ends with its machine only writes its dirty pages to the store.
    /// </summary>
    /// <exception cref="ReflinkException">ENOSPC, EIO: not synced, and all is as before. EROFS never: there is nothing to sync.</exception>
    public void Sync() => _pages.Sync(_clock.Now);

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="flags">For what; reading if nothing is said.</param>
    /// <param name="mode">Permission bits of a file that is made.</param>
    /// <exception cref="ReflinkException">ENOENT, EEXIST, EISDIR, ENOTDIR, ELOOP, ENAMETOOLONG, EINVAL for flags that contradict each other.</exception>
    public OpenFile Open(string path, OpenFlags flags = OpenFlags.Read, int mode = 0x1A4)
    {
        if ((flags & OpenFlags.ReadWrite) == 0 || (flags & (OpenFlags.Truncate | OpenFlags.Write)) == OpenFlags.Truncate)
        {
            throw new ReflinkException(Errno.EINVAL, $"'{path}' cannot be opened with {flags}: say Read or Write, and Write to truncate");
        }

        var inode = (flags & OpenFlags.Create) != 0 ? FindOrCreate(path, flags, mode) : _walker.Find(path);
        if (inode.IsDirectory)
        {
            throw new ReflinkException(Errno.EISDIR, $"'{path}' is a directory; list it instead");
        }

        var file = new OpenFile(this, inode, flags);
        try
        {
            if ((flags & OpenFlags.Truncate) != 0)
            {
                file.Truncate(0);
            }

            return file;
        }
        catch (ReflinkException)
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Makes a new file and opens it to be read and written.</summary>
    /// <exception cref="ReflinkException">EEXIST, and as for <see cref="Open"/>.</exception>
    public OpenFile Create(string path, int mode = 0x1A4) =>
        Open(path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, mode);

    /// <summary>Makes a new file that shares all of another's blocks, in constant time (<c>cp --reflink</c>); an existing target is emptied first.</summary>
    /// <exception cref="ReflinkException">ENOENT, EISDIR, EINVAL; ENOSPC as for <see cref="Sharing.Clone"/>.</exception>
    public Inode Clone(string source, string target)
    {
        using var from = Open(source);

        // What may fail comes before the target is made.
        _pages.WriteBack(from.Inode, InodeFrames.Everything);
        using var to = Open(target, OpenFlags.ReadWrite | OpenFlags.Create, from.Inode.Mode);
        _remapper.Replace(from, to);
        return to.Inode;
    }

    /// <summary>See <see cref="Remapper.Clone"/>.</summary>
    public void Clone(OpenFile source, OpenFile target) => _remapper.Clone(source, target);

    /// <summary>See <see cref="Remapper.CloneRange"/>.</summary>
    public void CloneRange(OpenFile source, long from, long length, OpenFile target, long to) =>
        _remapper.CloneRange(source, from, length, target, to);

    /// <summary>See <see cref="Remapper.Dedupe"/>.</summary>
    public bool Dedupe(OpenFile source, long from, long length, OpenFile target, long to) =>
        _remapper.Dedupe(source, from, length, target, to);

    /// <summary>Makes a directory.</summary>
    /// <exception cref="ReflinkException">EEXIST, ENOENT, ENOTDIR.</exception>
    public void MakeDirectory(string path, int mode = 0x1ED)
    {
        var (directory, name) = NewName(path);
        LinkIn(directory, name, Make(InodeType.Directory, mode));
    }

    /// <summary>Makes a symbolic link.</summary>
    /// <exception cref="ReflinkException">EEXIST, ENOENT, ENOTDIR.</exception>
    public void MakeSymbolicLink(string target, string path)
    {
        var (directory, name) = NewName(path);
        var inode = Make(InodeType.SymbolicLink, 0x1FF);
        Apply(new Change(ChangeKind.SetTarget, inode.Number) { Name = target });
        Apply(new Change(ChangeKind.SetSize, inode.Number) { Value = System.Text.Encoding.UTF8.GetByteCount(target) });
        LinkIn(directory, name, inode);
    }

    /// <summary>What a symbolic link says.</summary>
    /// <exception cref="ReflinkException">EINVAL if it is none.</exception>
    public string ReadLink(string path) => _walker.Find(path, followLast: false).Target
        ?? throw new ReflinkException(Errno.EINVAL, $"'{path}' is not a symbolic link");

    /// <summary>Gives a file another name.</summary>
    /// <exception cref="ReflinkException">EEXIST, ENOENT, EPERM for a directory.</exception>
    public void Link(string existing, string path)
    {
        var inode = _walker.Find(existing, followLast: false);
        if (inode.IsDirectory)
        {
            throw new ReflinkException(Errno.EPERM, $"'{existing}' is a directory; directories have one name");
        }

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
        UnlinkFrom(directory, name, inode);
    }

    /// <summary>Renames, replacing what bears the new name (a file by a file, an empty directory by a directory).</summary>
    /// <exception cref="ReflinkException">ENOENT, EISDIR, ENOTDIR, ENOTEMPTY, EINVAL for a directory into itself.</exception>
    public void Rename(string path, string newPath)
    {
        var (from, name, inode) = Existing(path);
        var (to, newName) = _walker.FindParent(newPath);
        for (var above = to; inode.IsDirectory; above = _inodes[above.Parent])
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

        var replaced = _walker.Child(to, newName);
        if (replaced == inode)
        {
            return;
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

    /// <summary>What stat(2) shows; lstat(2) when the last symbolic link is not followed.</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP.</exception>
    public FileStat Stat(string path, bool followLast = true) => Stat(_walker.Find(path, followLast));

    /// <summary>What fstat(2) shows.</summary>
    public FileStat Stat(Inode inode) => new(
        inode.Number, inode.Type, inode.Mode, inode.Links, inode.Owner, inode.Size, inode.Map.BlockCount, inode.ModifiedAt, inode.ChangedAt);

    /// <summary>The names in a directory with their inodes, in ordinal order.</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR.</exception>
    public IReadOnlyList<(string Name, InodeNumber Inode)> List(string path)
    {
        var inode = _walker.Find(path);
        return inode.Names is null
            ? throw new ReflinkException(Errno.ENOTDIR, $"'{path}' is not a directory")
            : [.. inode.Names.Select(n => (n.Key, n.Value))];
    }

    /// <summary>A file's extents, as FIEMAP shows them; holes are absent.</summary>
    public IReadOnlyList<FileExtent> Extents(string path)
    {
        var inode = _walker.Find(path);
        var extents = new List<FileExtent>();
        foreach (var extent in inode.Map.Extents(new PageRange(default, long.MaxValue >> Page.Shift)))
        {
            extents.Add(new FileExtent(extent.Start, extent.Length, extent.Block, !inode.Map.IsExclusive(extent.Start)));
        }

        return extents;
    }

    /// <summary>The inode that a path names.</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP.</exception>
    public Inode Find(string path) => _walker.Find(path);

    internal void Close(Inode inode) => _pages.Put(inode);

    private Inode FindOrCreate(string path, OpenFlags flags, int mode)
    {
        var (directory, name) = _walker.FindParent(path);
        if (_walker.Child(directory, name) is null)
        {
            var made = Make(InodeType.Regular, mode);
            LinkIn(directory, name, made);
            return made;
        }

        return (flags & OpenFlags.Exclusive) == 0
            ? _walker.Find(path)
            : throw new ReflinkException(Errno.EEXIST, $"'{path}' exists; open it without Exclusive or choose another name");
    }

    private Inode Make(InodeType type, int mode)
    {
        var number = _inodes.Next;
        Apply(new Change(ChangeKind.Create, number) { Value = (long)type });
        Apply(new Change(ChangeKind.SetOwner, number) { Value = mode });
        Apply(new Change(ChangeKind.Modified, number) { Value = _clock.Now });
        return _inodes[number];
    }

    private (Inode Directory, string Name) NewName(string path)
    {
        var (directory, name) = _walker.FindParent(path);
        return _walker.Child(directory, name) is null
            ? (directory, name)
            : throw new ReflinkException(Errno.EEXIST, $"'{path}' exists; remove it or choose another name");
    }

    private (Inode Directory, string Name, Inode Inode) Existing(string path)
    {
        var (directory, name) = _walker.FindParent(path);
        var inode = _walker.Child(directory, name)
            ?? throw new ReflinkException(Errno.ENOENT, $"there is no '{name}' in '{path}'");
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

    private void Apply(in Change change) => _pages.Apply(change);
}
