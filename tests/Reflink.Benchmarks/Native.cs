using System.Runtime.InteropServices;

namespace Reflink.Benchmarks;

/// <summary>Linux calls that .NET does not make.</summary>
internal static partial class Native
{
    public const int DetachLazily = 2;
    public const int Readable = 1;
    public const int ReadWrite = 3;
    public const int ReadExecute = 5;
    public const int Private = 2;
    public const int Anonymous = 0x20;
    public const int Mergeable = 12;
    public const int NoHugePage = 15;
    private const int ThreadClock = 3;
    private const ulong Ficlone = 0x4004_9409;
    private const ulong Fiemap = 0xC020_660B;
    private const uint FiemapSync = 1;

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unmount(string path, int flags);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Mount(string source, string target, string type, nuint flags, string data);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(nint address, nint length, int protection, int flags, SafeHandle file, nint offset);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial nint MapAnonymous(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    public static partial int Advise(nint address, nint length, int advice);

    [LibraryImport("libc", EntryPoint = "mincore", SetLastError = true)]
    public static partial int InCore(nint address, nint length, Span<byte> pages);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(nint address, nint length);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    public static partial int Protect(nint address, nint length, int protection);

    /// <summary>Nanoseconds for which the calling thread had a processor.</summary>
    public static long ThreadTime()
    {
        Check(GetClock(ThreadClock, out var now) == 0, "clock_gettime");
        return (now.Seconds * 1_000_000_000) + now.Nanoseconds;
    }

    public static void Check(bool good, string call)
    {
        if (!good)
        {
            throw new IOException($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>FICLONE.</summary>
    public static void Clone(SafeHandle source, SafeHandle target)
    {
        if (Ioctl(target, Ficlone, source.DangerousGetHandle()) != 0)
        {
            throw new IOException($"FICLONE: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>How many pages of a file are in the page cache, by mincore.</summary>
    public static int CountResident(string path)
    {
        using var file = File.OpenHandle(path);
        var length = (nint)RandomAccess.GetLength(file);
        var pages = new byte[(length + Page.Size - 1) >> Page.Shift];
        var address = Map(0, length, Readable, Private, file, 0);
        Check(address != -1, "mmap");
        var answer = InCore(address, length, pages);
        Check(Unmap(address, length) == 0 && answer == 0, "mincore");
        return pages.Count(p => (p & 1) != 0);
    }

    /// <summary>How many extents a file has, by FIEMAP.</summary>
    public static uint CountExtents(SafeHandle file)
    {
        var request = new FiemapRequest { Length = ulong.MaxValue, Flags = FiemapSync };
        return Ioctl(file, Fiemap, ref request) == 0
            ? request.MappedExtents
            : throw new IOException($"FIEMAP: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeHandle file, ulong request, nint argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeHandle file, ulong request, ref FiemapRequest argument);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetClock(int clock, out Timespec now);

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FiemapRequest
    {
        public ulong Start;
        public ulong Length;
        public uint Flags;
        public uint MappedExtents;
        public uint ExtentCount;
        public uint Reserved;
    }
}
