using Microsoft.Win32.SafeHandles;
using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions;

/// <summary>Opens streams.</summary>
internal sealed class FileStreams(IFileSystem fileSystem, VolumeCalls calls) : IFileStreamFactory
{
    private const int Buffer = 4096;

    /// <inheritdoc/>
    public IFileSystem FileSystem => fileSystem;

    /// <inheritdoc/>
    public FileSystemStream New(SafeFileHandle handle, FileAccess access) => throw HandleAccess.Impossible("A stream over a handle");

    /// <inheritdoc/>
    public FileSystemStream New(SafeFileHandle handle, FileAccess access, int bufferSize) => throw HandleAccess.Impossible("A stream over a handle");

    /// <inheritdoc/>
    public FileSystemStream New(SafeFileHandle handle, FileAccess access, int bufferSize, bool isAsync) => throw HandleAccess.Impossible("A stream over a handle");

    /// <inheritdoc/>
    public FileSystemStream New(string path, FileMode mode) => New(path, mode, mode == FileMode.Append ? FileAccess.Write : FileAccess.ReadWrite);

    /// <inheritdoc/>
    public FileSystemStream New(string path, FileMode mode, FileAccess access) => New(path, mode, access, FileShare.Read);

    /// <inheritdoc/>
    public FileSystemStream New(string path, FileMode mode, FileAccess access, FileShare share) => New(path, mode, access, share, Buffer);

    /// <inheritdoc/>
    public FileSystemStream New(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize) =>
        New(path, mode, access, share, bufferSize, FileOptions.None);

    /// <inheritdoc/>
    public FileSystemStream New(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize, bool useAsync) =>
        New(path, mode, access, share, bufferSize, useAsync ? FileOptions.Asynchronous : FileOptions.None);

    /// <inheritdoc/>
    public FileSystemStream New(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize, FileOptions options) =>
        Open(new(path, mode, access, share, options), bufferSize);

    /// <inheritdoc/>
    public FileSystemStream New(string path, FileStreamOptions options) => Open(OpenRequest.Of(path, options), options.BufferSize);

    /// <inheritdoc/>
    public FileSystemStream Wrap(FileStream fileStream) => throw IoErrors.Impossible(
        "Wrapping a FileStream", $"'{fileStream?.Name}' is a file of this computer; take FileStream.New with a path of the volume");

    private VolumeFileStream Open(OpenRequest request, int bufferSize)
    {
        request.Check(bufferSize);
        return new(calls.Open(fileSystem.Path.GetFullPath(request.Path), request), request.Options);
    }
}
