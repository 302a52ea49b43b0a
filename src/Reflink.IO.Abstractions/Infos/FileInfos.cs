using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions.Infos;

/// <summary>Makes FileInfo objects.</summary>
internal sealed class FileInfos(IFileSystem fileSystem, VolumeCalls calls) : IFileInfoFactory
{
    /// <inheritdoc/>
    public IFileSystem FileSystem => fileSystem;

    /// <inheritdoc/>
    public IFileInfo New(string fileName) => new VolumeFileInfo(fileSystem, calls, fileName, fileSystem.Path.GetFullPath(fileName));

    /// <inheritdoc/>
    public IFileInfo Wrap(FileInfo? fileInfo) => throw IoErrors.Impossible(
        "Wrapping a FileInfo", $"'{fileInfo}' names a file of this computer; take FileInfo.New with a path of the volume");
}
