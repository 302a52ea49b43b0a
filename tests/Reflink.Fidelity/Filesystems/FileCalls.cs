using System.Runtime.InteropServices;

namespace Reflink.Fidelity.Filesystems;

/// <summary>System calls on open files, by their numbers in Linux; each returns minus the error's number when it fails.</summary>
internal static partial class FileCalls
{
    private const ulong Ficlone = 0x4004_9409;
    private const ulong FicloneRange = 0x4020_940D;
    private const ulong FidedupeRange = 0xC018_9436;
    private const ulong Fiemap = 0xC020_660B;
    private const uint FiemapSync = 1;
    private const uint FiemapLast = 1;
    private const int MostExtents = 512;
    private const int SeekToData = 3;
    private const int SeekToHole = 4;
    private const int RangeDiffers = 1;

    public static long Write(SafeHandle file, byte[] bytes, long offset) => Result(WriteAt(file, bytes, bytes.Length, (nint)offset));

    public static long Truncate(SafeHandle file, long size) => Result(SetSize(file, (nint)size));

    public static long Clone(SafeHandle source, SafeHandle target) => Result(Ioctl(target, Ficlone, source.DangerousGetHandle()));

    public static unsafe long CloneRange(SafeHandle source, long from, long length, SafeHandle target, long to)
    {
        var arguments = stackalloc long[4] { source.DangerousGetHandle(), from, length, to };
        return Result(Ioctl(target, FicloneRange, (nint)arguments));
    }

    public static long Copy(SafeHandle source, long from, SafeHandle target, long to, long length) =>
        Result(CopyFileRange(source, ref from, target, ref to, (nint)length, 0));

    public static long Fallocate(SafeHandle file, int mode, long offset, long length) => Result(Allocate(file, mode, (nint)offset, (nint)length));

    public static long SeekData(SafeHandle file, long offset) => Result(Seek(file, (nint)offset, SeekToData));

    public static long SeekHole(SafeHandle file, long offset) => Result(Seek(file, (nint)offset, SeekToHole));

    /// <summary>FIDEDUPERANGE: for each destination the bytes that are shared now, or minus an error, or <see cref="LiveFiles.Differs"/>.</summary>
    public static unsafe (long Error, long[] Results) Dedupe(SafeHandle source, long from, long length, (SafeHandle File, long Offset)[] targets)
    {
        // { from, length, count : 16, reserved : 48 }, then for each { fd, offset, deduped, status : 32, reserved : 32 }.
        var arguments = stackalloc long[3 + (4 * targets.Length)];
        (arguments[0], arguments[1], arguments[2]) = (from, length, targets.Length);
        for (var i = 0; i < targets.Length; i++)
        {
            var one = arguments + 3 + (4 * i);
            (one[0], one[1], one[2], one[3]) = (targets[i].File.DangerousGetHandle(), targets[i].Offset, 0, 0);
        }

        var error = Result(Ioctl(source, FidedupeRange, (nint)arguments));
        var results = new long[targets.Length];
        for (var i = 0; i < targets.Length; i++)
        {
            var one = arguments + 3 + (4 * i);
            var status = *(int*)(one + 3);
            results[i] = status == RangeDiffers ? LiveFiles.Differs : status < 0 ? status : one[2];
        }

        return (error, results);
    }

    /// <summary>The extents of a file with their flags, by FIEMAP with FIEMAP_FLAG_SYNC.</summary>
    public static unsafe List<(long Logical, long Physical, long Length, uint Flags)> Extents(SafeHandle file)
    {
        List<(long Logical, long Physical, long Length, uint Flags)> extents = [];
        var memory = new ulong[4 + (7 * MostExtents)];
        fixed (ulong* request = memory)
        {
            for (ulong start = 0; ;)
            {
                (request[0], request[1], request[2], request[3]) = (start, ulong.MaxValue - start, FiemapSync, MostExtents);
                if (Ioctl(file, Fiemap, (nint)request) != 0)
                {
                    throw new IOException($"FIEMAP: {Marshal.GetLastPInvokeErrorMessage()}");
                }

                var count = (int)(request[2] >> 32);
                for (var i = 0; i < count; i++)
                {
                    var extent = request + 4 + (7 * i);
                    start = extent[0] + extent[2];
                    var flags = (uint)(extent[5] & uint.MaxValue);
                    extents.Add(((long)extent[0], (long)extent[1], (long)extent[2], flags));
                    if ((flags & FiemapLast) != 0)
                    {
                        return extents;
                    }
                }

                if (count == 0)
                {
                    return extents;
                }
            }
        }
    }

    private static long Result(long result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    private static partial nint WriteAt(SafeHandle file, byte[] bytes, nint length, nint offset);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int SetSize(SafeHandle file, nint size);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeHandle file, ulong request, nint argument);

    [LibraryImport("libc", EntryPoint = "copy_file_range", SetLastError = true)]
    private static partial nint CopyFileRange(SafeHandle source, ref long from, SafeHandle target, ref long to, nint length, uint flags);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(SafeHandle file, int mode, nint offset, nint length);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial nint Seek(SafeHandle file, nint offset, int whence);
}
