using Reflink.IO.Abstractions.Calls;
using Reflink.IO.Abstractions.Infos;
using Reflink.IO.Abstractions.Watching;

namespace Reflink.IO.Abstractions;

/// <summary>
/// A volume as the filesystem that programs written against System.IO.Abstractions expect: File, Directory, streams and infos with the results and the exceptions of System.IO on
/// Linux, on real copy-on-write blocks. Like its machine it is for one thread; asynchronous methods have ended when they return.
/// </summary>
/// <example>
/// <code>
/// using var machine = new Machine();
/// IFileSystem fs = new VolumeFileSystem(machine.Volume);
/// fs.Directory.CreateDirectory("/data");
/// fs.File.WriteAllText("/data/a.txt", "hello");
/// fs.File.Copy("/data/a.txt", "/data/b.txt");    // shares the blocks
/// </code>
/// </example>
public sealed class VolumeFileSystem : IFileSystem
{
    /// <summary>Makes a filesystem over a volume. Several may stand over one volume, each with a current directory and watchers of its own.</summary>
    /// <param name="volume">The volume; it may be used directly at the same time.</param>
    /// <param name="options">How it behaves, if not as by default.</param>
    /// <exception cref="ArgumentException">The current directory of the options is no absolute path.</exception>
    public VolumeFileSystem(Volume volume, VolumeFileSystemOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(volume);
        options ??= new VolumeFileSystemOptions();
        if (!options.CurrentDirectory.StartsWith('/'))
        {
            throw new ArgumentException($"The current directory '{options.CurrentDirectory}' is not absolute; write one that begins with '/'.", nameof(options));
        }

        var calls = new VolumeCalls(volume, options.CreationMask);
        var path = new VolumePath(this, calls, System.IO.Path.GetFullPath(options.CurrentDirectory));
        (Volume, Path) = (volume, path);
        Directory = new VolumeDirectory(this, calls, path);
        File = new VolumeFile(this, calls, path, options.CopyByClone);
        FileStream = new FileStreams(this, calls);
        FileInfo = new FileInfos(this, calls);
        DirectoryInfo = new DirectoryInfos(this, calls);
        DriveInfo = new Drives(this, calls);
        FileSystemWatcher = new Watchers(this, calls);
        FileVersionInfo = new FileVersions(this);
        RandomAccess = new HandleAccess(this);
    }

    /// <summary>The volume that holds everything.</summary>
    public Volume Volume { get; }

    /// <inheritdoc/>
    public IFile File { get; }

    /// <inheritdoc/>
    public IDirectory Directory { get; }

    /// <inheritdoc/>
    public IPath Path { get; }

    /// <inheritdoc/>
    public IFileStreamFactory FileStream { get; }

    /// <inheritdoc/>
    public IFileInfoFactory FileInfo { get; }

    /// <inheritdoc/>
    public IDirectoryInfoFactory DirectoryInfo { get; }

    /// <inheritdoc/>
    public IDriveInfoFactory DriveInfo { get; }

    /// <inheritdoc/>
    public IFileSystemWatcherFactory FileSystemWatcher { get; }

    /// <inheritdoc/>
    public IFileVersionInfoFactory FileVersionInfo { get; }

    /// <inheritdoc/>
    public IRandomAccess RandomAccess { get; }
}
