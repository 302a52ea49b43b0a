using Microsoft.Win32.SafeHandles;
using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions;

/// <summary>File, over a volume.</summary>
internal sealed partial class VolumeFile(IFileSystem fileSystem, VolumeCalls calls, VolumePath paths, bool clones) : IFile
{
    private const int Buffer = 4096;

    /// <inheritdoc/>
    public IFileSystem FileSystem => fileSystem;

    /// <inheritdoc/>
    public void Copy(string sourceFileName, string destFileName) => Copy(sourceFileName, destFileName, overwrite: false);

    /// <inheritdoc/>
    public void Copy(string sourceFileName, string destFileName, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(sourceFileName);
        ArgumentException.ThrowIfNullOrEmpty(destFileName);
        var (source, target, mode) = (Full(sourceFileName), Full(destFileName), overwrite ? FileMode.Create : FileMode.CreateNew);
        if (clones)
        {
            calls.CloneFile(source, target, mode);
        }
        else
        {
            calls.CopyBytes(source, target, mode);
        }
    }

    /// <inheritdoc/>
    public FileSystemStream Create(string path) => Create(path, Buffer);

    /// <inheritdoc/>
    public FileSystemStream Create(string path, int bufferSize) => Create(path, bufferSize, FileOptions.None);

    /// <inheritdoc/>
    public FileSystemStream Create(string path, int bufferSize, FileOptions options) =>
        fileSystem.FileStream.New(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize, options);

    /// <inheritdoc/>
    public IFileSystemInfo CreateSymbolicLink(string path, string pathToTarget)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(pathToTarget);
        if (pathToTarget.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("The target of a symbolic link holds a NUL, which no path has.", nameof(pathToTarget));
        }

        calls.CreateSymbolicLink(paths.GetRawPath(path), pathToTarget);
        return fileSystem.FileInfo.New(path);
    }

    /// <inheritdoc/>
    public void Decrypt(string path) => throw IoErrors.NoEncryption(path);

    /// <inheritdoc/>
    public void Encrypt(string path) => throw IoErrors.NoEncryption(path);

    /// <inheritdoc/>
    public void Delete(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        calls.DeleteFile(Full(path));
    }

    /// <inheritdoc/>
    public bool Exists(string? path) =>
        path is { Length: > 0 } && !path.Contains('\0', StringComparison.Ordinal) && Full(path) is var full && !full.EndsWith('/') && calls.FileExists(full);

    /// <inheritdoc/>
    public FileAttributes GetAttributes(string path)
    {
        var full = Full(path);
        return calls.Require(full).AttributesOf(Path.GetFileName(full));
    }

    /// <inheritdoc/>
    public FileAttributes GetAttributes(SafeFileHandle fileHandle) => throw HandleAccess.Impossible("File.GetAttributes of a handle");

    /// <inheritdoc/>
    public void SetAttributes(string path, FileAttributes fileAttributes) => calls.SetAttributes(Full(path), fileAttributes);

    /// <inheritdoc/>
    public void SetAttributes(SafeFileHandle fileHandle, FileAttributes fileAttributes) => throw HandleAccess.Impossible("File.SetAttributes of a handle");

    /// <inheritdoc/>
    public UnixFileMode GetUnixFileMode(string path)
    {
        var full = Full(path);
        return calls.Require(full).Mode ?? throw calls.NotFound(full);
    }

    /// <inheritdoc/>
    public UnixFileMode GetUnixFileMode(SafeFileHandle fileHandle) => throw HandleAccess.Impossible("File.GetUnixFileMode of a handle");

    /// <inheritdoc/>
    public void SetUnixFileMode(string path, UnixFileMode mode) => calls.SetMode(Full(path), mode);

    /// <inheritdoc/>
    public void SetUnixFileMode(SafeFileHandle fileHandle, UnixFileMode mode) => throw HandleAccess.Impossible("File.SetUnixFileMode of a handle");

    /// <inheritdoc/>
    public void Move(string sourceFileName, string destFileName) => Move(sourceFileName, destFileName, overwrite: false);

    /// <inheritdoc/>
    public void Move(string sourceFileName, string destFileName, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(sourceFileName);
        ArgumentException.ThrowIfNullOrEmpty(destFileName);
        var (source, target) = (Full(sourceFileName), Full(destFileName));
        if (!calls.FileExists(source))
        {
            throw IoErrors.Missing(source, Blame.File);
        }

        if (overwrite)
        {
            calls.MoveFileOver(source, target);
        }
        else
        {
            calls.MoveFile(source, target);
        }
    }

    /// <inheritdoc/>
    public FileSystemStream Open(string path, FileMode mode) =>
        Open(path, mode, mode == FileMode.Append ? FileAccess.Write : FileAccess.ReadWrite, FileShare.None);

    /// <inheritdoc/>
    public FileSystemStream Open(string path, FileMode mode, FileAccess access) => Open(path, mode, access, FileShare.None);

    /// <inheritdoc/>
    public FileSystemStream Open(string path, FileMode mode, FileAccess access, FileShare share) => fileSystem.FileStream.New(path, mode, access, share);

    /// <inheritdoc/>
    public FileSystemStream Open(string path, FileStreamOptions options) => fileSystem.FileStream.New(path, options);

    /// <inheritdoc/>
    public SafeFileHandle OpenHandle(
        string path, FileMode mode = FileMode.Open, FileAccess access = FileAccess.Read, FileShare share = FileShare.Read, FileOptions options = FileOptions.None,
        long preallocationSize = 0) => throw HandleAccess.Impossible($"File.OpenHandle of '{path}'");

    /// <inheritdoc/>
    public FileSystemStream OpenRead(string path) => Open(path, FileMode.Open, FileAccess.Read, FileShare.Read);

    /// <inheritdoc/>
    public FileSystemStream OpenWrite(string path) => Open(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);

    /// <inheritdoc/>
    public void Replace(string sourceFileName, string destinationFileName, string? destinationBackupFileName) =>
        Replace(sourceFileName, destinationFileName, destinationBackupFileName, ignoreMetadataErrors: false);

    /// <inheritdoc/>
    public void Replace(string sourceFileName, string destinationFileName, string? destinationBackupFileName, bool ignoreMetadataErrors) =>
        calls.Replace(Full(sourceFileName), Full(destinationFileName), destinationBackupFileName is null ? null : Full(destinationBackupFileName));

    /// <inheritdoc/>
    public IFileSystemInfo? ResolveLinkTarget(string linkPath, bool returnFinalTarget)
    {
        var full = paths.GetRawPath(linkPath);
        var target = returnFinalTarget ? calls.ResolveAll(full, Blame.File) : calls.ResolveOnce(full, Blame.File);
        return target is null ? null : fileSystem.FileInfo.New(target);
    }

    private string Full(string path) => paths.GetFullPath(path);
}
