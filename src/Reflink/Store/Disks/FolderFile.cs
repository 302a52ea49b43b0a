using Microsoft.Win32.SafeHandles;

namespace Reflink.Store.Disks;

/// <summary>A file in the folder of a store; it remembers whether it was written since it was last flushed.</summary>
internal sealed class FolderFile(SafeFileHandle handle, FileAccess access = FileAccess.ReadWrite) : IDiskFile
{
    // A file that was just made must reach the disk, too.
    private bool _isFlushed = access == FileAccess.Read;

    /// <inheritdoc/>
    public long Length => RandomAccess.GetLength(handle);

    /// <summary>Whether the file may be written.</summary>
    public bool CanWrite { get; } = access != FileAccess.Read;

    /// <summary>Whether the file may still be used.</summary>
    public bool IsOpen => !handle.IsClosed;

    /// <inheritdoc/>
    public int Read(long at, Span<byte> into)
    {
        var read = 0;
        while (read < into.Length && RandomAccess.Read(handle, into[read..], at + read) is > 0 and var more)
        {
            read += more;
        }

        return read;
    }

    /// <inheritdoc/>
    public void Write(long at, ReadOnlySpan<byte> bytes)
    {
        _isFlushed = false;
        RandomAccess.Write(handle, bytes, at);
    }

    /// <summary>fsync(2).</summary>
    public void Flush()
    {
        if (!_isFlushed)
        {
            RandomAccess.FlushToDisk(handle);
            _isFlushed = true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();
}
