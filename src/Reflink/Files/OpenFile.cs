using Reflink.Cache;
using Reflink.Files;
using Reflink.Inodes;

namespace Reflink;

/// <summary>An open file: an inode with the right to read or write it. The inode lives while it is open, even without a name.</summary>
public sealed class OpenFile : IDisposable
{
    private const int Sector = 512;

    private readonly Volume _volume;
    private readonly OpenFlags _flags;
    private readonly Readahead _ahead = new();
    private bool _closed;

    internal OpenFile(Volume volume, Inode inode, OpenFlags flags)
    {
        (_volume, Inode, _flags) = (volume, inode, flags);
        inode.Users++;
    }

    /// <summary>The file's inode.</summary>
    public Inode Inode { get; }

    /// <summary>Length in bytes.</summary>
    public long Size => Inode.Size;

    /// <summary>The group that is charged for pages that this open file brings into memory.</summary>
    public GroupId Group { get; set; }

    /// <summary>The user on whose behalf the file is changed: writes by root keep set-id bits, writes by others clear them.</summary>
    public UserId User { get; set; }

    /// <summary>Whether the file may be read.</summary>
    public bool CanRead => !_closed && (_flags & OpenFlags.Read) != 0;

    /// <summary>Whether the file may be written.</summary>
    public bool CanWrite => !_closed && (_flags & OpenFlags.Write) != 0;

    /// <summary>Whether every write goes to the end.</summary>
    internal bool IsAppending => (_flags & OpenFlags.Append) != 0;

    /// <summary>Reads bytes from an offset; returns how many there were before the end.</summary>
    /// <exception cref="ReflinkException">EBADF, EINVAL, EIO, ENOMEM.</exception>
    /// <example><code>
    /// var bytes = new byte[Page.Size];
    /// var read = file.Read(0, bytes);
    /// </code></example>
    public int Read(long offset, Span<byte> into)
    {
        Require(OpenFlags.Read);
        CheckSectors(offset, into.Length);
        return _volume.Data.Read(Inode, offset, into, Group, _ahead);
    }

    /// <summary>Writes bytes at an offset (at the end when opened to append); returns how many were written: fewer where the largest file ends or memory runs out.</summary>
    /// <exception cref="ReflinkException">EBADF, EINVAL, ENOSPC, EFBIG, ENOMEM, EIO.</exception>
    /// <example><code>
    /// file.Write(100, "hello"u8);
    /// </code></example>
    public int Write(long offset, ReadOnlySpan<byte> bytes)
    {
        Require(OpenFlags.Write);
        var at = IsAppending ? Inode.Size : offset;
        CheckSectors(at, bytes.Length);
        var written = _volume.Data.Write(Inode, at, bytes, Group);
        Changed();
        return written;
    }

    /// <summary>Writes bytes at the end; returns how many were written.</summary>
    /// <exception cref="ReflinkException">As for <see cref="Write"/>.</exception>
    public int Append(ReadOnlySpan<byte> bytes) => Write(Inode.Size, bytes);

    /// <summary>fsync(2): makes the file outlast any crash, and with it all else of the volume (<see cref="Volume.Sync"/>).</summary>
    /// <exception cref="ReflinkException">EBADF; ENOSPC, EIO: not synced.</exception>
    public void Sync()
    {
        if (_closed)
        {
            throw new ReflinkException(Errno.EBADF, $"{Inode} was closed");
        }

        _volume.Sync();
    }

    /// <summary>Sets the length.</summary>
    /// <exception cref="ReflinkException">EBADF, EINVAL, EFBIG; ENOSPC, ENOMEM or EIO at a last page that must be zeroed.</exception>
    public void Truncate(long size)
    {
        Require(OpenFlags.Write);
        _volume.Data.Truncate(Inode, size, Group);
        Changed();
    }

    /// <summary>Makes bytes read as zeroes and frees whole pages (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE).</summary>
    /// <exception cref="ReflinkException">EBADF, EINVAL; ENOSPC, ENOMEM or EIO at a page that goes in part.</exception>
    /// <example><code>
    /// file.PunchHole(0, Page.Size);    // its block is free unless others own it
    /// </code></example>
    public void PunchHole(long offset, long length)
    {
        Fallocate(FallocateMode.PunchHole | FallocateMode.KeepSize, offset, length);
    }

    /// <summary>Keeps, frees or moves space, as fallocate(2).</summary>
    /// <exception cref="ReflinkException">EBADF, EINVAL, EOPNOTSUPP, EFBIG, ENOSPC; ENOMEM or EIO at a page that goes in part. Nothing has changed.</exception>
    public void Fallocate(FallocateMode mode, long offset, long length)
    {
        FileSpace.CheckMode(mode, offset, length);
        Require(OpenFlags.Write);
        Inode.RequireMutable();
        _volume.Space.Fallocate(Inode, mode, offset, length, Group);
        Changed();
    }

    /// <summary>The first byte at an offset or behind it that was written (lseek(2) with SEEK_DATA); unwritten space is skipped.</summary>
    /// <exception cref="ReflinkException">EBADF, ENXIO.</exception>
    public long SeekData(long offset) => FileData.SeekData(Opened(), offset);

    /// <summary>The first byte at an offset or behind it that was not written (lseek(2) with SEEK_HOLE); the end of the file is one.</summary>
    /// <exception cref="ReflinkException">EBADF, ENXIO.</exception>
    public long SeekHole(long offset) => FileData.SeekHole(Opened(), offset);

    /// <summary>Takes whole pages out of the file and closes the gap (FALLOC_FL_COLLAPSE_RANGE).</summary>
    /// <exception cref="ReflinkException">EBADF, EINVAL; ENOSPC: the store is full.</exception>
    public void Collapse(long offset, long length)
    {
        Fallocate(FallocateMode.CollapseRange, offset, length);
    }

    /// <summary>
    /// Writes the dirty pages of a range to the store and drops their frames: fdatasync(2), then posix_fadvise(2) with
    /// POSIX_FADV_DONTNEED. Pages that lie in the range in part stay, as in mm/fadvise.c, but for the file's last. Pages that a
    /// process maps stay as well (mm/truncate.c). In a cache keyed by block a frame goes for all who own the block.
    /// </summary>
    /// <param name="offset">The first byte of the range.</param>
    /// <param name="length">How many bytes; 0 means to the end of the file.</param>
    /// <returns>How many frames were dropped; those that the store has no room for stay.</returns>
    /// <exception cref="ReflinkException">EBADF, EINVAL.</exception>
    /// <example><code>
    /// var left = file.Evict(0, file.Size);    // as posix_fadvise(POSIX_FADV_DONTNEED)
    /// </code></example>
    public int Evict(long offset, long length) => _volume.Data.Evict(Opened(), offset, length);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            _volume.Close(Inode);
        }
    }

    /// <summary>Takes from the file the rights that it gave those who run it, after its contents were changed through this opening.</summary>
    internal void Changed()
    {
        if (Inode.HasPrivileges)
        {
            _volume.DropPrivileges(Inode, User);
        }
    }

    private Inode Opened()
    {
        _volume.RequireOn();
        return _closed ? throw new ReflinkException(Errno.EBADF, $"{Inode} was closed") : Inode;
    }

    internal void Require(OpenFlags flag)
    {
        _volume.RequireOn();
        if (_closed || (_flags & flag) == 0)
        {
            throw new ReflinkException(
                Errno.EBADF, _closed ? $"{Inode} was closed" : $"{Inode} is not open to {flag}; open it with OpenFlags.{flag}");
        }
    }

    private void CheckSectors(long offset, int length)
    {
        if ((_flags & OpenFlags.Direct) != 0 && ((offset | (long)length) & (Sector - 1)) != 0)
        {
            throw new ReflinkException(Errno.EINVAL, $"[{offset},+{length}) of {Inode}: direct transfers are of whole sectors of {Sector} bytes");
        }
    }
}
