using Microsoft.Win32.SafeHandles;
using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions;

/// <summary>Access by handles of the operating system, which files of a volume have none of.</summary>
internal sealed class HandleAccess(IFileSystem fileSystem) : IRandomAccess
{
    /// <inheritdoc/>
    public IFileSystem FileSystem => fileSystem;

    /// <summary>The exception for everything that takes or gives a handle.</summary>
    public static NotSupportedException Impossible(string what) => IoErrors.Impossible(
        what, "a SafeFileHandle belongs to the operating system, which knows nothing of a volume's files; open a stream with File.Open and seek in it");

    /// <inheritdoc/>
    public void FlushToDisk(SafeFileHandle handle) => throw Impossible("RandomAccess.FlushToDisk");

    /// <inheritdoc/>
    public long GetLength(SafeFileHandle handle) => throw Impossible("RandomAccess.GetLength");

    /// <inheritdoc/>
    public int Read(SafeFileHandle handle, Span<byte> buffer, long fileOffset) => throw Impossible("RandomAccess.Read");

    /// <inheritdoc/>
    public long Read(SafeFileHandle handle, IReadOnlyList<Memory<byte>> buffers, long fileOffset) => throw Impossible("RandomAccess.Read");

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(SafeFileHandle handle, Memory<byte> buffer, long fileOffset, CancellationToken cancellationToken = default) =>
        throw Impossible("RandomAccess.ReadAsync");

    /// <inheritdoc/>
    public ValueTask<long> ReadAsync(SafeFileHandle handle, IReadOnlyList<Memory<byte>> buffers, long fileOffset, CancellationToken cancellationToken = default) =>
        throw Impossible("RandomAccess.ReadAsync");

    /// <inheritdoc/>
    public void SetLength(SafeFileHandle handle, long length) => throw Impossible("RandomAccess.SetLength");

    /// <inheritdoc/>
    public void Write(SafeFileHandle handle, ReadOnlySpan<byte> buffer, long fileOffset) => throw Impossible("RandomAccess.Write");

    /// <inheritdoc/>
    public void Write(SafeFileHandle handle, IReadOnlyList<ReadOnlyMemory<byte>> buffers, long fileOffset) => throw Impossible("RandomAccess.Write");

    /// <inheritdoc/>
    public ValueTask WriteAsync(SafeFileHandle handle, ReadOnlyMemory<byte> buffer, long fileOffset, CancellationToken cancellationToken = default) =>
        throw Impossible("RandomAccess.WriteAsync");

    /// <inheritdoc/>
    public ValueTask WriteAsync(SafeFileHandle handle, IReadOnlyList<ReadOnlyMemory<byte>> buffers, long fileOffset, CancellationToken cancellationToken = default) =>
        throw Impossible("RandomAccess.WriteAsync");
}
