using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Reflink.Studies.Live;

/// <summary>The system calls of a worker.</summary>
internal static unsafe partial class LiveCalls
{
    private const int Read = 1;
    private const int Write = 2;
    private const int Execute = 4;
    private const int Private = 2;
    private const int Fixed = 0x10;
    private const int Mergeable = 12;
    private const int ThisThread = 1;
    private const int ThreadTime = 3;

    /// <summary>Maps a file privately; at an address that is not 0 in the place of what is there (MAP_FIXED).</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public static long Map(SafeHandle file, long offset, long length, bool isWritable, long address)
    {
        var at = MapFile((nint)address, (nint)length, Protection(isWritable), Private | (address == 0 ? 0 : Fixed), file, (nint)offset);
        Require(at != -1, "mmap");
        return at;
    }

    /// <exception cref="IOException">The kernel refuses.</exception>
    public static void Protect(long address, long length, bool isWritable) => Require(ChangeProtection((nint)address, (nint)length, Protection(isWritable)) == 0, "mprotect");

    /// <exception cref="IOException">The kernel refuses.</exception>
    public static void Merge(long address, long length) => Require(Advise((nint)address, (nint)length, Mergeable) == 0, "madvise(MADV_MERGEABLE)");

    /// <summary>Nanoseconds of processor time, and page faults, of this thread so far.</summary>
    public static (long Nanoseconds, long Faults) Spent()
    {
        // struct rusage: two pairs of times, then 14 numbers, of which the fifth and sixth are minor and major faults.
        Span<long> usage = stackalloc long[18];
        Span<long> time = stackalloc long[2];
        fixed (long* u = usage, t = time)
        {
            Require(Usage(ThisThread, u) == 0 && ClockTime(ThreadTime, t) == 0, "getrusage");
        }

        return ((time[0] * 1_000_000_000) + time[1], usage[8] + usage[9]);
    }

    private static int Protection(bool isWritable) => Read | (isWritable ? Write : Execute);

    private static void Require(bool isDone, string call)
    {
        if (!isDone)
        {
            throw new IOException($"{call}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint MapFile(nint address, nint length, int protection, int flags, SafeHandle file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int ChangeProtection(nint address, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int Advise(nint address, nint length, int advice);

    [LibraryImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    private static partial int Usage(int who, long* usage);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int ClockTime(int clock, long* time);
}
