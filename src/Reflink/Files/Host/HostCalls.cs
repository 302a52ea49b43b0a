using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Reflink.Files.Host;

/// <summary>
/// System calls on files of the host, because System.IO blocks until the other end of a pipe is opened, hides most error
/// numbers, and knows nothing of holes.
/// </summary>
internal static partial class HostCalls
{
    /// <summary>O_RDONLY of open(2).</summary>
    public const int ReadOnly = 0;

    /// <summary>O_WRONLY of open(2).</summary>
    public const int WriteOnly = 1;

    /// <summary>O_CREAT | O_EXCL of open(2).</summary>
    public const int CreateNew = 0x40 | 0x80;

    /// <summary>SEEK_DATA of lseek(2).</summary>
    public const int SeekData = 3;

    /// <summary>SEEK_HOLE of lseek(2).</summary>
    public const int SeekHole = 4;

    // O_NOCTTY | O_CLOEXEC: no file becomes the terminal of this process, or a child's.
    private const int Always = 0x100 | 0x80000;
    private const int NonBlocking = 0x800;
    private const int AtCwd = -100;
    private const int AtEmptyPath = 0x1000;
    private const uint BasicStats = 0x7FF;
    private const int SetFileFlags = 4;
    private const long Second = 1_000_000_000;

    /// <summary>Opens a file, never waiting for anyone; afterwards it may wait.</summary>
    /// <param name="path">The file.</param>
    /// <param name="flags">How, besides what is always so.</param>
    /// <param name="mode">Permissions of a new file.</param>
    /// <param name="of">The file that messages are about, if that is another.</param>
    /// <exception cref="ReflinkException">What the kernel says.</exception>
    public static SafeFileHandle Open(string path, int flags, int mode = 0, string? of = null)
    {
        RequireLinux();
        var handle = OpenFile(path, flags | Always | NonBlocking, mode);
        if (handle.IsInvalid)
        {
            throw Failure(of ?? path, of is null ? "cannot be opened" : "cannot be replaced by a new file in its directory");
        }

        _ = Control(handle, SetFileFlags, flags & WriteOnly);
        return handle;
    }

    /// <summary>What a path leads to; null if there is nothing.</summary>
    /// <exception cref="ReflinkException">What the kernel says.</exception>
    public static HostStat? TryStat(string path)
    {
        RequireLinux();
        Span<byte> bytes = stackalloc byte[HostStat.Bytes];
        return Statx(AtCwd, path, 0, BasicStats, bytes) == 0 ? HostStat.Of(bytes)
            : Marshal.GetLastPInvokeError() == (int)Errno.ENOENT ? null : throw Failure(path, "cannot be looked at");
    }

    /// <summary>What an open file is.</summary>
    public static HostStat Stat(SafeFileHandle file, string path)
    {
        Span<byte> bytes = stackalloc byte[HostStat.Bytes];
        Check(Statx(file, "", AtEmptyPath, BasicStats, bytes), path, "cannot be looked at");
        return HostStat.Of(bytes);
    }

    /// <summary>Where data or a hole begins; null if there is none behind, and the offset itself where the filesystem cannot tell.</summary>
    public static long? Seek(SafeFileHandle file, string path, long offset, int whence)
    {
        var found = Lseek(file, offset, whence);
        return found >= 0 ? found : Marshal.GetLastPInvokeError() switch
        {
            (int)Errno.ENXIO => null,
            (int)Errno.EINVAL or (int)Errno.EOPNOTSUPP => whence == SeekData ? offset : null,
            _ => throw Failure(path, "cannot be searched for holes"),
        };
    }

    /// <summary>pread(2).</summary>
    public static int Read(SafeFileHandle file, string path, long offset, Span<byte> into) =>
        (int)Check(ReadAt(file, into, into.Length, offset), path, "cannot be read");

    /// <summary>pwrite(2) of all bytes.</summary>
    public static void WriteAt(SafeFileHandle file, string path, long offset, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var written = (int)Check(WriteAt(file, bytes, bytes.Length, offset), path, "cannot be written");
            offset += written;
            bytes = bytes[written..];
        }
    }

    /// <summary>write(2) of all bytes, for what has no offsets.</summary>
    public static void Write(SafeFileHandle file, string path, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[(int)Check(WriteOn(file, bytes, bytes.Length), path, "cannot be written")..];
        }
    }

    /// <summary>ftruncate(2).</summary>
    public static void Truncate(SafeFileHandle file, string path, long size) => Check(SetSize(file, size), path, "cannot be given its length");

    /// <summary>fsync(2); what has no disk below it has nothing to sync.</summary>
    public static void Sync(SafeFileHandle file, string path)
    {
        if (Fsync(file) < 0 && Marshal.GetLastPInvokeError() != (int)Errno.EINVAL)
        {
            throw Failure(path, "cannot be synced");
        }
    }

    /// <summary>fchmod(2).</summary>
    public static void SetMode(SafeFileHandle file, string path, UnixFileMode mode) => Check(Fchmod(file, (int)mode), path, "cannot be given its mode");

    /// <summary>fchown(2); whether that was allowed.</summary>
    public static bool TrySetOwner(SafeFileHandle file, (uint User, uint Group) owner) => Fchown(file, owner.User, owner.Group) == 0;

    /// <summary>futimens(2) of the time of the last change; that of the last access becomes the same.</summary>
    public static void SetModified(SafeFileHandle file, string path, long time)
    {
        var seconds = Math.DivRem(time, Second, out var rest) - (rest < 0 ? 1 : 0);
        var nanoseconds = rest < 0 ? rest + Second : rest;
        Check(Futimens(file, [seconds, nanoseconds, seconds, nanoseconds]), path, "cannot be given its time");
    }

    /// <summary>rename(2).</summary>
    public static void Rename(string from, string to) => Check(RenameTo(from, to), to, "cannot be replaced");

    /// <summary>unlink(2), if that can be done.</summary>
    public static void TryUnlink(string path) => _ = Unlink(path);

    // The numbers above are those of Linux, and so is statx(2).
    private static void RequireLinux()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new ReflinkException(
                Errno.EOPNOTSUPP, "files of this computer are imported and exported on Linux only; read them by System.IO.File, and use OpenFile.Write and Read");
        }
    }

    private static long Check(long result, string path, string what) => result >= 0 ? result : throw Failure(path, what);

    private static ReflinkException Failure(string path, string what)
    {
        var number = Marshal.GetLastPInvokeError();
        var error = Enum.IsDefined((Errno)number) ? (Errno)number : Errno.EIO;
        return new(error, $"the host's '{path}' {what}: {Marshal.GetPInvokeErrorMessage(number)}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int at, string path, int flags, uint mask, Span<byte> statx);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(SafeFileHandle at, string path, int flags, uint mask, Span<byte> statx);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Lseek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint ReadAt(SafeFileHandle file, Span<byte> into, nint length, long offset);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    private static partial nint WriteAt(SafeFileHandle file, ReadOnlySpan<byte> bytes, nint length, long offset);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteOn(SafeFileHandle file, ReadOnlySpan<byte> bytes, nint length);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int SetSize(SafeFileHandle file, long size);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int Fchmod(SafeFileHandle file, int mode);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int Fchown(SafeFileHandle file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "futimens", SetLastError = true)]
    private static partial int Futimens(SafeFileHandle file, long[] times);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameTo(string from, string to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unlink(string path);
}
