using System.Security.Cryptography;
using Reflink.Cache;
using Reflink.Cache.Backings;
using Reflink.Files;
using Reflink.Files.Pages;
using Reflink.Inodes;
using Reflink.Space;

namespace Reflink;

/// <summary>
/// A filesystem with reflinks: names, files and their bytes. Every path is absolute. Contents go through the machine's page
/// cache; blocks are shared by everyone who reaches them.
/// </summary>
public sealed partial class Volume
{
    private const OpenFlags KnownFlags = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.Truncate | OpenFlags.Append | OpenFlags.Direct;

    private readonly BlockSpace _space;
    private readonly InodeTable _inodes;
    private readonly CopyOnWrite _pages;
    private readonly Metadata _metadata;
    private readonly Ledger _ledger;
    private readonly BlockStore _store;
    private readonly Remapper _remapper;
    private readonly PathWalker _walker;
    private readonly IClock _clock;
    private readonly FileMaker _maker;

    /// <summary>Makes an empty volume with a root directory.</summary>
    internal Volume(BlockSpace space, InodeTable inodes, CopyOnWrite pages, Metadata metadata, Ledger ledger, BlockStore store, FileData data, IClock clock)
    {
        (_space, _inodes, _pages, _metadata, _ledger, _store, _clock, Data) = (space, inodes, pages, metadata, ledger, store, clock, data);
        Space = new FileSpace(pages, metadata, ledger, data);
        _remapper = new Remapper(ledger, data, pages);
        _maker = new FileMaker(space, metadata, ledger, pages, data);
        Materializer = new Materializer(inodes, pages, metadata, clock);
        Root = inodes.TryFind(new InodeNumber(1), out var root) ? root : Make(InodeType.Directory, FileModes.Program);
        _walker = new PathWalker(inodes, Root, metadata);
    }

    /// <summary>The root directory.</summary>
    public Inode Root { get; }

    /// <summary>Blocks of 4,096 bytes that the volume may hold, and how many of them are free.</summary>
    public (long Total, long Free) Blocks => (_space.Capacity, _space.Free);

    internal FileData Data { get; }

    internal FileSpace Space { get; }

    internal Materializer Materializer { get; }

    /// <summary>
    /// Makes everything done so far durable. After a crash the volume is in the state of the last sync that was completed, or of
    /// one that was in progress. The work is in proportion to what changed since the last sync. A volume that ends with its
    /// machine only writes its dirty pages to the store.
    /// </summary>
    /// <exception cref="ReflinkException">ENOSPC, EIO: the volume was not synced, and nothing has changed. Never EROFS: a volume that is read only has nothing to sync.</exception>
    public void Sync() => _metadata.Sync(_clock.Now);

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="flags">For what; reading if nothing is said.</param>
    /// <param name="mode">Permission bits of a file that is made.</param>
    /// <exception cref="ReflinkException">ENOENT, EEXIST, EISDIR, ENOTDIR, ELOOP, ENAMETOOLONG, EPERM to write what is immutable, EINVAL for flags that contradict each other or are not known.</exception>
    /// <example><code>
    /// using var lib = machine.Volume.Open("/lib", OpenFlags.ReadWrite);
    /// var size = lib.Size;
    /// </code></example>
    public OpenFile Open(string path, OpenFlags flags = OpenFlags.Read, UnixFileMode mode = FileModes.File)
    {
        ArgumentNullException.ThrowIfNull(path);
        CheckFlags(flags, path);
        var inode = (flags & OpenFlags.Create) != 0 ? FindOrCreate(path, flags, mode) : _walker.Find(path);
        if (inode.IsDirectory)
        {
            throw new ReflinkException(Errno.EISDIR, $"'{path}' is a directory; list it instead");
        }

        if ((flags & OpenFlags.Write) != 0)
        {
            inode.RequireMutable();
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
    /// <example><code>
    /// using var log = machine.Volume.Create("/log");
    /// log.Write(0, "hello"u8);
    /// </code></example>
    public OpenFile Create(string path, UnixFileMode mode = FileModes.File) =>
        Open(path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, mode);

    /// <summary>Makes a file without a name and opens it (O_TMPFILE): it goes when it is closed, unless <see cref="Link(OpenFile, string)"/> gives it one.</summary>
    /// <param name="flags">Writing must be among them; <see cref="OpenFlags.Exclusive"/>: it is never to have a name.</param>
    /// <param name="mode">Permission bits.</param>
    /// <exception cref="ReflinkException">EINVAL: it is not to be written, or a flag is not known.</exception>
    public OpenFile OpenTemporary(OpenFlags flags = OpenFlags.ReadWrite, UnixFileMode mode = FileModes.Private)
    {
        CheckFlags(flags, "a file without a name");
        if ((flags & OpenFlags.Write) == 0)
        {
            throw new ReflinkException(Errno.EINVAL, "a file without a name that cannot be written is of no use; say Write");
        }

        var inode = Make(InodeType.Regular, mode);
        inode.IsLinkable = (flags & OpenFlags.Exclusive) == 0;
        return new OpenFile(this, inode, flags);
    }

    /// <summary>Makes a new file that shares all of another's blocks, in constant time (<c>cp --reflink</c>); an existing target is emptied first.</summary>
    /// <exception cref="ReflinkException">ENOENT, EISDIR, EINVAL; ENOSPC as for <see cref="Ledger.Prepare"/>.</exception>
    /// <example><code>
    /// machine.Volume.Clone("/lib", "/copy");    // constant time, whatever the size
    /// </code></example>
    public Inode Clone(string source, string target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        using var from = Open(source);

        // What may fail comes before the target is made.
        _ledger.Prepare(from.Inode, PageRange.All);
        using var to = Open(target, OpenFlags.ReadWrite | OpenFlags.Create, from.Inode.Mode);
        _remapper.Replace(from, to);
        return to.Inode;
    }

    /// <summary>See <see cref="Remapper.Clone"/>.</summary>
    public void Clone(OpenFile source, OpenFile target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        _remapper.Clone(source, target);
    }

    /// <summary>See <see cref="Remapper.CloneRange"/>.</summary>
    /// <example><code>
    /// using var part = machine.Volume.Create("/part");
    /// machine.Volume.CloneRange(file, Page.Size, 2 * Page.Size, part, 0);
    /// </code></example>
    public void CloneRange(OpenFile source, long from, long length, OpenFile target, long to)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        _remapper.CloneRange(source, from, length, target, to);
    }

    /// <summary>See <see cref="Remapper.Dedupe"/>.</summary>
    /// <example><code>
    /// using var same = machine.Volume.Create("/same");
    /// same.Write(0, Enumerable.Repeat((byte)0x90, Page.Size).ToArray());
    /// var equal = machine.Volume.Dedupe(file, 0, Page.Size, same, 0);    // true: one block now
    /// </code></example>
    public bool Dedupe(OpenFile source, long from, long length, OpenFile target, long to)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        return _remapper.Dedupe(source, from, length, target, to);
    }

    /// <summary>See <see cref="Remapper.DedupeAll"/>.</summary>
    public IReadOnlyList<DedupeResult> Dedupe(OpenFile source, long from, long length, IReadOnlyList<DedupeTarget> targets)
    {
        ArgumentNullException.ThrowIfNull(source);
        return _remapper.DedupeAll(source, from, length, targets);
    }

    /// <summary>See <see cref="Remapper.Copy"/>.</summary>
    public long CopyRange(OpenFile source, long from, OpenFile target, long to, long length)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        return _remapper.Copy(source, from, target, to, length);
    }

    /// <summary>Makes a directory.</summary>
    /// <exception cref="ReflinkException">EEXIST, ENOENT, ENOTDIR.</exception>
    public void MakeDirectory(string path, UnixFileMode mode = FileModes.Program)
    {
        var place = NewName(path, InodeType.Directory);
        LinkIn(place, Make(InodeType.Directory, mode));
    }

    /// <summary>What stat(2) shows.</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP.</exception>
    /// <example><code>
    /// var size = machine.Volume.Stat("/lib").Size;
    /// </code></example>
    public FileStat Stat(string path) => Stat(_walker.Find(path));

    /// <summary>What lstat(2) shows: of a symbolic link, the link itself.</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP.</exception>
    public FileStat StatLink(string path) => Stat(_walker.FindLink(path));

    /// <summary>What fstat(2) shows.</summary>
    public FileStat Stat(Inode inode)
    {
        ArgumentNullException.ThrowIfNull(inode);
        return new(
            inode.Number, inode.Type, inode.Mode, inode.Links, inode.Owner, inode.Size, inode.Map.BlockCount, inode.ModifiedAt, inode.ChangedAt, inode.AccessedAt);
    }

    /// <summary>The names in a directory with their inodes, in ordinal order.</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR.</exception>
    /// <example><code>
    /// foreach (var (name, _) in machine.Volume.List("/"))
    /// {
    ///     Console.WriteLine(name);
    /// }
    /// </code></example>
    public IReadOnlyList<(string Name, InodeNumber Inode)> List(string path)
    {
        var inode = _walker.Find(path);
        return inode.Names is null
            ? throw new ReflinkException(Errno.ENOTDIR, $"'{path}' is not a directory")
            : [.. inode.Names.Select(n => (n.Key, n.Value))];
    }

    /// <summary>What statfs(2) shows.</summary>
    public VolumeStat Statistics() => new(Page.Size, Blocks.Total, Blocks.Free, _inodes.All.LongCount(i => i.Type <= InodeType.SymbolicLink), PathWalker.LongestName);

    /// <summary>
    /// A file's extents, as FIEMAP shows them on XFS: split where sharing begins or ends, clipped to whole pages of the range; holes are absent.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">Where the range begins, in bytes.</param>
    /// <param name="length">How long it is, in bytes; it may reach beyond the end of the file.</param>
    /// <param name="sync">Whether dirty pages of the range are written to the store first (FIEMAP_FLAG_SYNC), so that none is <see cref="ExtentFlags.Delayed"/>.</param>
    /// <exception cref="ReflinkException">
    /// ENOENT, ENOTDIR, ELOOP; EOPNOTSUPP for a directory; EINVAL for a length of 0 or less; EFBIG for an offset that no file has; with
    /// <paramref name="sync"/> ENOSPC, EIO.
    /// </exception>
    /// <example><code>
    /// foreach (var extent in machine.Volume.Extents("/lib"))
    /// {
    ///     Console.WriteLine(extent);
    /// }
    /// </code></example>
    public IReadOnlyList<FileExtent> Extents(string path, long offset = 0, long length = long.MaxValue, bool sync = false)
    {
        var inode = _walker.Find(path);
        if (!inode.IsRegular)
        {
            throw new ReflinkException(Errno.EOPNOTSUPP, $"'{path}' is a {inode.Type}; only regular files have extents");
        }

        if (length <= 0 || offset is < 0 or > FileData.LargestFile)
        {
            throw new ReflinkException(
                length <= 0 ? Errno.EINVAL : Errno.EFBIG, $"extents of [{offset},+{length}) of '{path}'; the range has at least a byte and begins from 0 to {FileData.LargestFile}");
        }

        var end = offset + Math.Min(length, FileData.LargestFile - offset);
        var range = PageRange.Between(PageIndex.Of(offset), new PageIndex(Page.CountFor(end)));
        if (sync)
        {
            _pages.Clean(inode, range);
        }

        return ExtentReport.Of(inode, range, _store);
    }

    /// <summary>
    /// Takes the fingerprint of a file's content. Where the cache is keyed by content (<c>CacheKeying.Content</c>), the file is read and
    /// mapped through the same pages as others of equal fingerprint within the domain from now on, until it is written. That is
    /// kept in memory alone: after a crash, take it again. Sharing can be noticed by timing, so a domain should hold only files whose owners may know of each other.
    /// </summary>
    /// <returns>The SHA-256 of the bytes.</returns>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP, EISDIR; EINVAL: no regular file; ENOMEM, EIO while it is read; ENOSPC, EIO while its dirty pages are written back.</exception>
    public byte[] ShareContent(string path, string domain = "")
    {
        ArgumentNullException.ThrowIfNull(domain);
        using var file = Open(path);
        if (!file.Inode.IsRegular)
        {
            throw new ReflinkException(Errno.EINVAL, $"'{path}' is a {file.Inode.Type}; only regular files have content to share");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        int read;
        for (var at = 0L; (read = file.Read(at, buffer)) > 0; at += read)
        {
            hash.AppendData(buffer.AsSpan(0, read));
        }

        var fingerprint = hash.GetCurrentHash();
        if (file.Size > 0)
        {
            // A mapping shows the last page to its end.
            var reader = file.Inode.Reader;
            var last = _pages.Get(reader, new PageUse(reader.Number, PageIndex.Of(file.Size - 1), AccessKind.Read, file.Group), out _);
            hash.AppendData(Data.BytesOf(last)[(int)((file.Size - 1) % Page.Size)..]);
            _ledger.ShareContent(file.Inode, $"{domain}:{Convert.ToHexString(hash.GetHashAndReset())}");
        }

        return fingerprint;
    }

    /// <summary>The inode that a path names.</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP.</exception>
    public Inode Find(string path) => _walker.Find(path);

    internal void RequireOn() => _metadata.RequireOn();

    internal void Close(Inode inode) => _metadata.Put(inode);

    // Unknown bits are refused as by openat2(2).
    private static void CheckFlags(OpenFlags flags, string path)
    {
        if ((flags & ~KnownFlags) != 0 || (flags & OpenFlags.ReadWrite) == 0 || (flags & (OpenFlags.Truncate | OpenFlags.Write)) == OpenFlags.Truncate)
        {
            throw new ReflinkException(
                Errno.EINVAL, $"'{path}' cannot be opened with {flags}: say Read or Write, Write to truncate, and nothing that OpenFlags does not name");
        }
    }

    private Inode FindOrCreate(string path, OpenFlags flags, UnixFileMode mode)
    {
        var isNew = (flags & OpenFlags.Exclusive) != 0;
        var place = isNew ? _walker.FindPlace(path) : _walker.FindPlaceBehindLinks(path);
        if (place is { IsNamed: true, EndsInSlash: true })
        {
            throw new ReflinkException(Errno.EISDIR, $"'{path}' ends in a slash, and only a directory does; leave the slash out, or make a directory");
        }

        var inode = _walker.Child(place);
        if (inode is not null)
        {
            return isNew ? throw new ReflinkException(Errno.EEXIST, $"'{path}' exists; remove it or choose another name") : inode;
        }

        place.Directory.RequireMutable();
        inode = Make(InodeType.Regular, mode);
        LinkIn(place, inode);
        return inode;
    }

    private Inode Make(InodeType type, UnixFileMode mode)
    {
        var number = _inodes.Next;
        Apply(Change.Create(number, type));
        Apply(Change.SetOwner(number, mode & FileModes.All, default));
        Apply(Change.Modified(number, _clock.Now));
        return _inodes[number];
    }

    private void Apply(in Change change) => _metadata.Apply(change);
}
