using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions;

/// <summary>Directory, over a volume.</summary>
internal sealed partial class VolumeDirectory(IFileSystem fileSystem, VolumeCalls calls, VolumePath paths) : IDirectory
{
    /// <inheritdoc/>
    public IFileSystem FileSystem => fileSystem;

    /// <inheritdoc/>
    public IDirectoryInfo CreateDirectory(string path)
    {
        calls.CreateDirectory(Full(path));
        return fileSystem.DirectoryInfo.New(path);
    }

    /// <inheritdoc/>
    public IDirectoryInfo CreateDirectory(string path, UnixFileMode unixCreateMode)
    {
        if ((unixCreateMode & ~FileModes.All) != 0)
        {
            throw new ArgumentException($"0x{(int)unixCreateMode:x} is no set of permission bits; '{path}' was not made.", nameof(unixCreateMode));
        }

        calls.CreateDirectory(Full(path), unixCreateMode);
        return fileSystem.DirectoryInfo.New(path);
    }

    /// <inheritdoc/>
    public IFileSystemInfo CreateSymbolicLink(string path, string pathToTarget)
    {
        calls.CreateSymbolicLink(paths.GetRawPath(path), Checked(pathToTarget));
        return fileSystem.DirectoryInfo.New(path);
    }

    /// <inheritdoc/>
    public IDirectoryInfo CreateTempSubdirectory(string? prefix = null)
    {
        if (prefix?.Contains('/', StringComparison.Ordinal) ?? false)
        {
            throw new ArgumentException($"The prefix '{prefix}' has a slash in it; a temporary directory lies in {paths.GetTempPath()} itself.", nameof(prefix));
        }

        var made = paths.NewTemporary(prefix ?? "", "");
        calls.CreateDirectory(made, FileModes.Private | UnixFileMode.UserExecute);
        return fileSystem.DirectoryInfo.New(made);
    }

    /// <inheritdoc/>
    public void Delete(string path) => calls.RemoveDirectory(Full(path));

    /// <inheritdoc/>
    public void Delete(string path, bool recursive)
    {
        if (recursive)
        {
            calls.RemoveTree(Full(path));
        }
        else
        {
            Delete(path);
        }
    }

    /// <inheritdoc/>
    public bool Exists(string? path) => path is { Length: > 0 } && !path.Contains('\0', StringComparison.Ordinal) && calls.DirectoryExists(Full(path));

    /// <inheritdoc/>
    public string GetCurrentDirectory() => paths.Current;

    /// <inheritdoc/>
    public void SetCurrentDirectory(string path) => SetCurrent(Full(path));

    /// <inheritdoc/>
    public string GetDirectoryRoot(string path) => Path.GetPathRoot(Full(path))!;

    /// <inheritdoc/>
    public string[] GetLogicalDrives() => ["/"];

    /// <inheritdoc/>
    public IDirectoryInfo? GetParent(string path) => Path.GetDirectoryName(Full(path)) is { } parent ? fileSystem.DirectoryInfo.New(parent) : null;

    /// <inheritdoc/>
    public void Move(string sourceDirName, string destDirName) => calls.MoveDirectory(Full(sourceDirName), Full(destDirName));

    /// <inheritdoc/>
    public IFileSystemInfo? ResolveLinkTarget(string linkPath, bool returnFinalTarget)
    {
        var full = paths.GetRawPath(linkPath);
        var target = returnFinalTarget ? calls.ResolveAll(full, Blame.Directory) : calls.ResolveOnce(full, Blame.Directory);
        return target is null ? null : fileSystem.DirectoryInfo.New(target);
    }

    private string Full(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return paths.GetFullPath(path);
    }

    private static string Checked(string target)
    {
        ArgumentException.ThrowIfNullOrEmpty(target, "pathToTarget");
        return target.Contains('\0', StringComparison.Ordinal)
            ? throw new ArgumentException("The target of a symbolic link holds a NUL, which no path has.", nameof(target))
            : target;
    }

    private void SetCurrent(string full)
    {
        if (!calls.DirectoryExists(full))
        {
            throw calls.FileExists(full) ? IoErrors.Of(Errno.ENOTDIR, full) : IoErrors.Missing(full, Blame.Directory);
        }

        paths.Current = Path.TrimEndingDirectorySeparator(full);
    }
}
