using Reflink.Files;
using Reflink.Inodes;

namespace Reflink.IO.Abstractions.Calls;

/// <summary>
/// What File, Directory and the infos do to a volume, by full paths: the calls that System.IO makes on Linux in their order, and the exceptions that it makes of their
/// failures. Paths are normalised already.
/// </summary>
/// <param name="volume">The volume.</param>
/// <param name="mask">Permission bits that nothing which is made gets (umask(2)).</param>
internal sealed partial class VolumeCalls(Volume volume, UnixFileMode mask)
{
    private readonly FileLocks _locks = FileLocks.Of(volume);

    /// <summary>The volume.</summary>
    public Volume Volume => volume;

    /// <summary>Tells watchers of what is done.</summary>
    public FileEvents Events { get; } = new();

    /// <summary>What is at a path; null if nothing is. A slash at the end makes no difference.</summary>
    /// <exception cref="IOException">The path has too many links in it, or is too long.</exception>
    public EntryStatus? Find(string path)
    {
        try
        {
            var entry = volume.StatLink(Path.TrimEndingDirectorySeparator(path));
            return new(entry, entry.Type == InodeType.SymbolicLink ? TryStat(path) : entry);
        }
        catch (ReflinkException e) when (e.Error is Errno.ENOENT or Errno.ENOTDIR)
        {
            return null;
        }
        catch (ReflinkException e)
        {
            throw Fault(e, path);
        }
    }

    /// <summary>What is at a path.</summary>
    /// <exception cref="IOException">There is nothing.</exception>
    public EntryStatus Require(string path) => Find(path) ?? throw NotFound(path);

    /// <summary>Whether there is something that is no directory; a link that leads nowhere is something.</summary>
    public bool FileExists(string path) =>
        Path.TrimEndingDirectorySeparator(path) is var name && (TryStat(name) ?? TryStatLink(name)) is { } stat && stat.Type != InodeType.Directory;

    /// <summary>Whether there is a directory, or a link to one.</summary>
    public bool DirectoryExists(string? path) => path is { Length: > 0 } && TryStat(path) is { Type: InodeType.Directory };

    /// <summary>The exception for a path at which there is nothing.</summary>
    public IOException NotFound(string path) =>
        IoErrors.Missing(path, DirectoryExists(ParentOf(path)) ? Blame.File : Blame.Directory);

    /// <summary>Makes a directory, and those above it that are missing.</summary>
    public void CreateDirectory(string path, UnixFileMode permissions = FileModes.Everything)
    {
        if (path.Length == 1 || TryMakeDirectory(path, permissions) is not { } failure || (failure.Error == Errno.EEXIST && DirectoryExists(path)))
        {
            return;
        }

        if (failure.Error != Errno.ENOENT)
        {
            throw Fault(failure, path, Blame.Directory);
        }

        CreateParent(ParentOf(path)!);
        if (TryMakeDirectory(path, permissions) is { } again)
        {
            throw Fault(again, path, Blame.Directory);
        }
    }

    /// <summary>Takes a file's or a link's name away; if there is none, nothing.</summary>
    public void DeleteFile(string path)
    {
        try
        {
            volume.Unlink(path);
            Events.Deleted(path, NotifyFilters.FileName);
        }
        catch (ReflinkException e) when (e.Error == Errno.ENOENT)
        {
            // Below a name that ends in a slash, System.IO looks for a directory of that name.
            if (!DirectoryExists(Path.GetDirectoryName(path)))
            {
                throw Fault(e, path, Blame.Directory);
            }
        }
        catch (ReflinkException e)
        {
            throw Fault(e.Error == Errno.EISDIR ? Errno.EACCES : e.Error, path, e);
        }
    }

    /// <summary>Removes a directory that is empty.</summary>
    public void RemoveDirectory(string path)
    {
        if (RequireDirectory(path).IsLink)
        {
            DeleteFile(path);
        }
        else
        {
            RemoveEmptyDirectory(path);
        }
    }

    /// <summary>Removes a directory with all that is in it. Links in it are removed, and not what they lead to.</summary>
    public void RemoveTree(string path)
    {
        if (RequireDirectory(path).IsLink)
        {
            DeleteFile(path);
            return;
        }

        foreach (var (name, _) in volume.List(path))
        {
            var child = Path.Join(path, name);
            if (volume.StatLink(child).Type == InodeType.Directory)
            {
                RemoveTree(child);
            }
            else
            {
                DeleteFile(child);
            }
        }

        RemoveEmptyDirectory(path);
    }

    /// <summary>The directory above a path, in text alone; null above the root.</summary>
    public static string? ParentOf(string path) => Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path));

    private EntryStatus RequireDirectory(string path) =>
        Find(path) is { IsDirectory: true } status ? status : throw IoErrors.Missing(path, Blame.Directory);

    private ReflinkException? TryMakeDirectory(string path, UnixFileMode permissions)
    {
        try
        {
            volume.MakeDirectory(path, permissions & (FileModes.Everything | UnixFileMode.StickyBit) & ~mask);
            Events.Created(path, NotifyFilters.DirectoryName);
            return null;
        }
        catch (ReflinkException e)
        {
            return e;
        }
    }

    // If it is there but is no directory, the one below it cannot be made, which says so.
    private void CreateParent(string path)
    {
        var failure = TryMakeDirectory(path, FileModes.Everything);
        if (failure?.Error == Errno.ENOENT && path.Length > 1)
        {
            CreateParent(ParentOf(path)!);
            failure = TryMakeDirectory(path, FileModes.Everything);
        }

        if (failure is not null && failure.Error != Errno.EEXIST)
        {
            throw Fault(failure, path, Blame.Directory);
        }
    }

    private void RemoveEmptyDirectory(string path)
    {
        try
        {
            volume.RemoveDirectory(path);
            Events.Deleted(path, NotifyFilters.DirectoryName);
        }
        catch (ReflinkException e)
        {
            // System.IO says IOException where it says UnauthorizedAccessException of files.
            throw e.Error is Errno.EPERM or Errno.EROFS or Errno.EISDIR
                ? new IOException($"Access to the path '{path}' is denied. {e.Reason}", e)
                : Fault(e, path, Blame.Directory);
        }
    }

    private Exception Fault(ReflinkException failure, string path, Blame blame = Blame.File) => Fault(failure.Error, path, failure, blame);

    // Of a path that leads nowhere, the directory is to blame if it is not there.
    private Exception Fault(Errno error, string path, ReflinkException failure, Blame blame = Blame.File) => IoErrors.Of(
        error, path, blame == Blame.Directory || (error == Errno.ENOENT && ParentOf(path) is { } parent && !DirectoryExists(Path.GetFullPath(parent))) ? Blame.Directory : Blame.File, failure);

    private FileStat? TryStat(string path) => Try(volume.Stat, path);

    private FileStat? TryStatLink(string path) => Try(volume.StatLink, path);

    private static FileStat? Try(Func<string, FileStat> stat, string path)
    {
        try
        {
            return stat(path);
        }
        catch (ReflinkException)
        {
            return null;
        }
    }

    private T Call<T>(string path, Func<T> call, Blame blame = Blame.File)
    {
        try
        {
            return call();
        }
        catch (ReflinkException e)
        {
            throw Fault(e, path, blame);
        }
    }

    private void Call(string path, Action call, Blame blame = Blame.File)
    {
        try
        {
            call();
        }
        catch (ReflinkException e)
        {
            throw Fault(e, path, blame);
        }
    }
}
