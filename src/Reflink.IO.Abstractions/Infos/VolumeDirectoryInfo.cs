using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions.Infos;

/// <summary>A path as DirectoryInfo.</summary>
internal sealed partial class VolumeDirectoryInfo(IFileSystem fileSystem, VolumeCalls calls, string given, string full)
    : VolumeEntryInfo(fileSystem, calls, given, full), IDirectoryInfo
{
    /// <inheritdoc/>
    public override string Name => FullName == "/" ? FullName : Path.GetFileName(Path.TrimEndingDirectorySeparator(FullName));

    /// <inheritdoc/>
    public override bool Exists => Is(s => s.IsDirectory);

    /// <inheritdoc/>
    protected override Blame Missing => Blame.Directory;

    /// <inheritdoc/>
    public IDirectoryInfo? Parent => VolumeCalls.ParentOf(FullName) is { } parent ? FileSystem.DirectoryInfo.New(parent) : null;

    /// <inheritdoc/>
    public IDirectoryInfo Root => FileSystem.DirectoryInfo.New("/");

    /// <inheritdoc/>
    public void Create() => Change(() => Calls.CreateDirectory(FullName));

    /// <inheritdoc/>
    public IDirectoryInfo CreateSubdirectory(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Path.IsPathRooted(path))
        {
            throw new ArgumentException($"'{path}' is an absolute path; write one that begins in '{FullName}'.", nameof(path));
        }

        var below = FileSystem.Path.GetFullPath(Path.Combine(FullName, path));
        var (inner, outer) = (Path.TrimEndingDirectorySeparator(below), Path.TrimEndingDirectorySeparator(FullName));
        if (inner != outer && !inner.StartsWith(outer == "/" ? outer : outer + "/", StringComparison.Ordinal))
        {
            throw new ArgumentException($"The directory '{path}' is not below '{FullName}'.", nameof(path));
        }

        Calls.CreateDirectory(below);
        return FileSystem.DirectoryInfo.New(below);
    }

    /// <inheritdoc/>
    public override void Delete() => Change(() => Calls.RemoveDirectory(FullName));

    /// <inheritdoc/>
    public void Delete(bool recursive)
    {
        if (recursive)
        {
            Change(() => Calls.RemoveTree(FullName));
        }
        else
        {
            Delete();
        }
    }

    /// <inheritdoc/>
    public void MoveTo(string destDirName)
    {
        ArgumentException.ThrowIfNullOrEmpty(destDirName);
        var target = FileSystem.Path.GetFullPath(destDirName);
        Calls.MoveDirectory(FullName, target);
        MoveTo(destDirName, target.EndsWith('/') ? target : target + "/");
    }

    /// <inheritdoc/>
    public override void CreateAsSymbolicLink(string pathToTarget) => Change(() => FileSystem.Directory.CreateSymbolicLink(Given, pathToTarget));

    /// <inheritdoc/>
    public override IFileSystemInfo? ResolveLinkTarget(bool returnFinalTarget) => FileSystem.Directory.ResolveLinkTarget(FullName, returnFinalTarget);

    private IEnumerable<IFileSystemInfo> List(string pattern, EnumerationOptions options, EntryKinds kinds) =>
        Listing.Of(Calls, FullName, path => path, pattern, options, kinds).Select(Info);

    private IFileSystemInfo Info(Entry entry)
    {
        VolumeEntryInfo info = entry.Status.IsDirectory
            ? new VolumeDirectoryInfo(FileSystem, Calls, entry.FullPath, entry.FullPath)
            : new VolumeFileInfo(FileSystem, Calls, entry.FullPath, entry.FullPath);
        info.Remember(entry.Status);
        return info;
    }
}
