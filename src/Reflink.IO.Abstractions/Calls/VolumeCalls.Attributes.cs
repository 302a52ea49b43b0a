namespace Reflink.IO.Abstractions.Calls;

/// <content>Permissions, attributes, times and symbolic links.</content>
internal sealed partial class VolumeCalls
{
    private const int MostLinks = 40;

    private const FileAttributes KnownAttributes =
        FileAttributes.Archive | FileAttributes.Compressed | FileAttributes.Device | FileAttributes.Directory | FileAttributes.Encrypted | FileAttributes.Hidden
        | FileAttributes.IntegrityStream | FileAttributes.Normal | FileAttributes.NoScrubData | FileAttributes.NotContentIndexed | FileAttributes.Offline
        | FileAttributes.ReadOnly | FileAttributes.ReparsePoint | FileAttributes.SparseFile | FileAttributes.System | FileAttributes.Temporary;

    /// <summary>Sets attributes: of them, ReadOnly alone can be changed on Linux, and is kept in the permission bits.</summary>
    public void SetAttributes(string path, FileAttributes attributes) => SetAttributes(path, attributes, () => Require(path));

    /// <summary>The same of an entry that was looked up before: what would not change it is not done.</summary>
    public void SetAttributes(string path, FileAttributes attributes, Func<EntryStatus> known)
    {
        if ((attributes & ~KnownAttributes) != 0)
        {
            throw new ArgumentException($"{attributes & ~KnownAttributes} is no attribute of files; '{path}' is as it was.", nameof(attributes));
        }

        var status = known();
        var mode = status.ModeWith(attributes);
        if (mode != (status.Mode ?? status.Entry.Mode))
        {
            SetBits(path, mode);
        }
    }

    /// <summary>Sets the permission bits, of a link those of its target.</summary>
    public void SetMode(string path, UnixFileMode mode)
    {
        if ((mode & ~FileModes.All) != 0)
        {
            throw new ArgumentException($"0x{(int)mode:x} is no set of permission bits; '{path}' is as it was.", nameof(mode));
        }

        SetBits(path, mode);
    }

    /// <summary>Sets the time of the last change of contents; of a link, its own.</summary>
    public void SetLastWrite(string path, DateTime utc, Blame blame = Blame.File) => SetTimes(path, null, utc, blame);

    /// <summary>Sets the time of the last access; of a link, its own.</summary>
    public void SetLastAccess(string path, DateTime utc, Blame blame = Blame.File) => SetTimes(path, utc, null, blame);

    /// <summary>Makes a symbolic link.</summary>
    public void CreateSymbolicLink(string path, string target)
    {
        Call(path, () => volume.MakeSymbolicLink(target, path));
        Events.Created(path, NotifyFilters.FileName);
    }

    /// <summary>What a symbolic link says; null of everything else.</summary>
    public string? TryReadLink(string path)
    {
        try
        {
            return volume.ReadLink(path);
        }
        catch (ReflinkException)
        {
            return null;
        }
    }

    /// <summary>Where a symbolic link leads, in text: one step. Null if the path is no link.</summary>
    public string? ResolveOnce(string path, Blame blame)
    {
        if (Call(path, () => volume.StatLink(path), blame).Type != Inodes.InodeType.SymbolicLink)
        {
            return null;
        }

        var target = volume.ReadLink(path);
        return Path.IsPathRooted(target) ? target : Path.Join(Path.GetDirectoryName(path), target);
    }

    /// <summary>Where a symbolic link leads, in text: to the end.</summary>
    public string? ResolveAll(string path, Blame blame)
    {
        var next = ResolveOnce(path, blame);
        var last = next;
        for (var links = 1; next is not null; links++)
        {
            if (links > MostLinks)
            {
                throw new IOException($"'{path}' leads through more than {MostLinks} symbolic links.");
            }

            last = next;
            next = TryReadLink(next) is null ? null : ResolveOnce(next, blame);
        }

        return last;
    }

    private void SetTimes(string path, DateTime? accessed, DateTime? modified, Blame blame)
    {
        _ = Require(path);
        Call(path, () => volume.SetLinkTimes(
            path, accessed is { } read ? FileTime.FromUtc(read) : null, modified is { } written ? FileTime.FromUtc(written) : null), blame);
        Events.Described(path);
    }

    private void SetBits(string path, UnixFileMode mode)
    {
        Call(path, () => volume.SetMode(path, mode));
        Events.Described(path);
    }
}
