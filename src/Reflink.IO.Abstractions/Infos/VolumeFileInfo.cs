using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions.Infos;

/// <summary>A path as FileInfo.</summary>
internal sealed class VolumeFileInfo(IFileSystem fileSystem, VolumeCalls calls, string given, string full)
    : VolumeEntryInfo(fileSystem, calls, given, full), IFileInfo
{
    /// <inheritdoc/>
    public override string Name => Path.GetFileName(Given);

    /// <inheritdoc/>
    public override bool Exists => Is(s => !s.IsDirectory);

    /// <inheritdoc/>
    protected override Blame Missing => Blame.File;

    /// <inheritdoc/>
    public long Length => Status is { IsDirectory: false } status ? status.Entry.Size : throw IoErrors.Missing(FullName, Blame.File);

    /// <inheritdoc/>
    public string? DirectoryName => Path.GetDirectoryName(FullName);

    /// <inheritdoc/>
    public IDirectoryInfo? Directory => DirectoryName is { } name ? FileSystem.DirectoryInfo.New(name) : null;

    /// <inheritdoc/>
    public bool IsReadOnly
    {
        get => (Attributes & FileAttributes.ReadOnly) != 0;
        set => Attributes = value ? Attributes | FileAttributes.ReadOnly : Attributes & ~FileAttributes.ReadOnly;
    }

    /// <inheritdoc/>
    public StreamReader OpenText() => FileSystem.File.OpenText(FullName);

    /// <inheritdoc/>
    public StreamWriter CreateText() => Changing(() => FileSystem.File.CreateText(FullName));

    /// <inheritdoc/>
    public StreamWriter AppendText() => Changing(() => FileSystem.File.AppendText(FullName));

    /// <inheritdoc/>
    public FileSystemStream Create() => Changing(() => FileSystem.File.Create(FullName));

    /// <inheritdoc/>
    public FileSystemStream Open(FileMode mode) => FileSystem.File.Open(FullName, mode);

    /// <inheritdoc/>
    public FileSystemStream Open(FileMode mode, FileAccess access) => FileSystem.File.Open(FullName, mode, access);

    /// <inheritdoc/>
    public FileSystemStream Open(FileMode mode, FileAccess access, FileShare share) => FileSystem.File.Open(FullName, mode, access, share);

    /// <inheritdoc/>
    public FileSystemStream Open(FileStreamOptions options) => FileSystem.File.Open(FullName, options);

    /// <inheritdoc/>
    public FileSystemStream OpenRead() => FileSystem.File.OpenRead(FullName);

    /// <inheritdoc/>
    public FileSystemStream OpenWrite() => FileSystem.File.OpenWrite(FullName);

    /// <inheritdoc/>
    public IFileInfo CopyTo(string destFileName) => CopyTo(destFileName, overwrite: false);

    /// <inheritdoc/>
    public IFileInfo CopyTo(string destFileName, bool overwrite)
    {
        FileSystem.File.Copy(FullName, destFileName, overwrite);
        return FileSystem.FileInfo.New(FileSystem.Path.GetFullPath(destFileName));
    }

    /// <inheritdoc/>
    public override void Delete() => Change(() => Calls.DeleteFile(FullName));

    /// <inheritdoc/>
    public void MoveTo(string destFileName) => MoveTo(destFileName, overwrite: false);

    /// <inheritdoc/>
    public void MoveTo(string destFileName, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(destFileName);
        var target = FileSystem.Path.GetFullPath(destFileName);
        if (!Calls.DirectoryExists(Path.GetDirectoryName(FullName)))
        {
            throw IoErrors.Missing(FullName, Blame.Directory);
        }

        if (!Exists)
        {
            throw IoErrors.Missing(FullName, Blame.File);
        }

        if (overwrite)
        {
            Calls.MoveFileOver(FullName, target);
        }
        else
        {
            Calls.MoveFile(FullName, target);
        }

        MoveTo(destFileName, target);
    }

    /// <inheritdoc/>
    public IFileInfo Replace(string destinationFileName, string? destinationBackupFileName) =>
        Replace(destinationFileName, destinationBackupFileName, ignoreMetadataErrors: false);

    /// <inheritdoc/>
    public IFileInfo Replace(string destinationFileName, string? destinationBackupFileName, bool ignoreMetadataErrors)
    {
        FileSystem.File.Replace(FullName, destinationFileName, destinationBackupFileName, ignoreMetadataErrors);
        return FileSystem.FileInfo.New(destinationFileName);
    }

    /// <inheritdoc/>
    public override void CreateAsSymbolicLink(string pathToTarget) => Change(() => FileSystem.File.CreateSymbolicLink(Given, pathToTarget));

    /// <inheritdoc/>
    public override IFileSystemInfo? ResolveLinkTarget(bool returnFinalTarget) => FileSystem.File.ResolveLinkTarget(FullName, returnFinalTarget);

    /// <inheritdoc/>
    public void Encrypt() => throw IoErrors.NoEncryption(FullName);

    /// <inheritdoc/>
    public void Decrypt() => throw IoErrors.NoEncryption(FullName);

    private T Changing<T>(Func<T> open)
    {
        var opened = open();
        Refresh();
        return opened;
    }
}
