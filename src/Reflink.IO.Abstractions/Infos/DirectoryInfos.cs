using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions.Infos;

/// <summary>Makes DirectoryInfo objects.</summary>
internal sealed class DirectoryInfos(IFileSystem fileSystem, VolumeCalls calls) : IDirectoryInfoFactory
{
    /// <inheritdoc/>
    public IFileSystem FileSystem => fileSystem;

    /// <inheritdoc/>
    public IDirectoryInfo New(string path) => new VolumeDirectoryInfo(fileSystem, calls, path, fileSystem.Path.GetFullPath(path));

    /// <inheritdoc/>
    public IDirectoryInfo Wrap(DirectoryInfo? directoryInfo) => throw IoErrors.Impossible(
        "Wrapping a DirectoryInfo", $"'{directoryInfo}' names a directory of this computer; take DirectoryInfo.New with a path of the volume");
}
