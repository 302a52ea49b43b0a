using Reflink.Files;
using Reflink.Inodes;

namespace Reflink.IO.Abstractions.Calls;

/// <content>Moving and replacing.</content>
internal sealed partial class VolumeCalls
{
    /// <summary>Moves a file to a name that nothing bears.</summary>
    public void MoveFile(string source, string target)
    {
        if (TryStatLink(source) is { } moved && (TryStatLink(target) is not { } there || there.Inode == moved.Inode) && TryRename(source, target) is null)
        {
            return;
        }

        LinkFile(source, target);
        DeleteFile(source);
    }

    /// <summary>Moves a file over what bears the name already.</summary>
    public void MoveFileOver(string source, string target)
    {
        if (TryRename(source, target) is { } failure)
        {
            throw Fault(failure, target);
        }
    }

    /// <summary>Moves a directory, or a file, to a name that nothing bears.</summary>
    public void MoveDirectory(string source, string target)
    {
        if (Path.TrimEndingDirectorySeparator(source) == Path.TrimEndingDirectorySeparator(target))
        {
            throw new IOException($"'{source}' cannot be moved to itself: the source and the target must be different paths.");
        }

        // A slash behind the new name would ask for a directory, and a link to one may be moved there, too.
        target = Path.TrimEndingDirectorySeparator(target);
        if (FileExists(target) || DirectoryExists(target))
        {
            throw !DirectoryExists(source) && !FileExists(source)
                ? IoErrors.Missing(source, Blame.Directory)
                : new IOException($"Cannot create '{target}' because a file or directory with the same name already exists.");
        }

        if (TryRename(source, target) is { } failure)
        {
            throw failure.Error switch
            {
                Errno.ENOENT => IoErrors.Missing(DirectoryExists(source) ? target : source, Blame.Directory, failure),
                Errno.ENOTDIR => new IOException($"Could not find a part of the path '{source}'.", failure),
                _ => Fault(failure, target, Blame.Directory),
            };
        }
    }

    /// <summary>Puts a file in the place of another, which gets the backup's name if one is given.</summary>
    public void Replace(string source, string target, string? backup)
    {
        var from = Call(source, () => volume.StatLink(source));
        RequireNoDirectory(from, source);
        if (TryStatLink(target) is { } to)
        {
            RequireNoDirectory(to, target);
            if (to.Inode == from.Inode)
            {
                throw new IOException($"'{source}' cannot replace '{target}', because both are the same file.");
            }
        }

        if (backup is not null)
        {
            if (TryStatLink(backup) is not null)
            {
                Call(backup, () => volume.Unlink(backup));
            }

            LinkFile(target, backup);
        }
        else if (IsMissing(target))
        {
            throw IoErrors.Missing(target, Blame.File);
        }

        if (TryRename(source, target) is { } failure)
        {
            throw Fault(failure, target);
        }
    }

    private ReflinkException? TryRename(string source, string target)
    {
        try
        {
            var kind = DirectoryExists(source) ? NotifyFilters.DirectoryName : NotifyFilters.FileName;
            volume.Rename(source, target);
            Events.Renamed(source, target, kind);
            return null;
        }
        catch (ReflinkException e)
        {
            return e;
        }
    }

    private void LinkFile(string source, string target)
    {
        try
        {
            volume.Link(source, target);
        }
        catch (ReflinkException e) when (e.Error == Errno.EPERM)
        {
            // System.IO copies what cannot have a second name. Of a directory, copying fails as well.
            CloneFile(source, target, FileMode.CreateNew);
        }
        catch (ReflinkException e) when (e.Error == Errno.ENOENT && !DirectoryExists(Path.GetDirectoryName(target)))
        {
            throw IoErrors.Of(e, target, Blame.Directory);
        }
        catch (ReflinkException e)
        {
            throw Fault(e, e.Error == Errno.EEXIST ? target : source);
        }
    }

    // A path that cannot be followed to its end is not missing here: renaming fails on it next, and says why.
    private bool IsMissing(string path)
    {
        try
        {
            _ = volume.Stat(path);
            return false;
        }
        catch (ReflinkException e)
        {
            return e.Error == Errno.ENOENT;
        }
    }

    private static void RequireNoDirectory(in FileStat stat, string path)
    {
        if (stat.Type == InodeType.Directory)
        {
            throw new UnauthorizedAccessException($"The path '{path}' is a directory, and only a file can be replaced.");
        }
    }
}
