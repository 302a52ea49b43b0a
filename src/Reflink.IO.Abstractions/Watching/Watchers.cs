using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions.Watching;

/// <summary>Makes watchers.</summary>
internal sealed class Watchers(IFileSystem fileSystem, VolumeCalls calls) : IFileSystemWatcherFactory
{
    /// <inheritdoc/>
    public IFileSystem FileSystem => fileSystem;

    /// <inheritdoc/>
    public IFileSystemWatcher New() => new VolumeWatcher(fileSystem, calls);

    /// <inheritdoc/>
    public IFileSystemWatcher New(string path) => New(path, "*");

    /// <inheritdoc/>
    public IFileSystemWatcher New(string path, string filter)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(filter);
        return new VolumeWatcher(fileSystem, calls) { Path = path, Filter = filter };
    }

    /// <inheritdoc/>
    public IFileSystemWatcher Wrap(FileSystemWatcher? fileSystemWatcher) => throw IoErrors.Impossible(
        "Wrapping a FileSystemWatcher", $"'{fileSystemWatcher?.Path}' is a directory of this computer; take FileSystemWatcher.New with a path of the volume");
}
