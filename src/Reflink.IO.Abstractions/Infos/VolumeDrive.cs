using System.Diagnostics.CodeAnalysis;
using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions.Infos;

/// <summary>The volume as DriveInfo.</summary>
internal sealed class VolumeDrive(IFileSystem fileSystem, VolumeCalls calls, string name) : IDriveInfo
{
    /// <inheritdoc/>
    public IFileSystem FileSystem => fileSystem;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string DriveFormat => IsReady ? "reflink" : throw Missing();

    /// <inheritdoc/>
    public DriveType DriveType => IsReady ? DriveType.Fixed : DriveType.NoRootDirectory;

    /// <inheritdoc/>
    public bool IsReady => calls.DirectoryExists(fileSystem.Path.GetFullPath(name));

    /// <inheritdoc/>
    public IDirectoryInfo RootDirectory => fileSystem.DirectoryInfo.New(name);

    /// <inheritdoc/>
    public long AvailableFreeSpace => TotalFreeSpace;

    /// <inheritdoc/>
    public long TotalFreeSpace => Blocks.Free * Page.Size;

    /// <inheritdoc/>
    public long TotalSize => Blocks.Total * Page.Size;

    /// <inheritdoc/>
    [AllowNull]
    public string VolumeLabel
    {
        get => IsReady ? name : throw Missing();
        set => throw IoErrors.Impossible("Setting the label", "a volume has none, and a drive of Linux shows where it is mounted");
    }

    private (long Total, long Free) Blocks => IsReady ? calls.Volume.Blocks : throw Missing();

    /// <inheritdoc/>
    public override string ToString() => name;

    private DriveNotFoundException Missing() => new($"Could not find the drive '{name}'. The volume is one drive, '/'.");
}
