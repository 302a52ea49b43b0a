using System.Runtime.InteropServices;

namespace Reflink.Fidelity;

/// <summary>The calls to be measured, by their numbers in Linux.</summary>
internal static partial class Native
{
    public const int Read = 1;
    public const int ReadWrite = 3;
    public const int ReadExecute = 5;
    public const int Private = 2;
    public const int Anonymous = 0x20;
    public const int NoHugePage = 15;
    public const int MembarrierSyncCore = 1 << 5;
    public const int MembarrierRegisterSyncCore = 1 << 6;

    private const long MovePages = 279;

    // Of x86-64 and arm64, as .NET runs on them.
    private static readonly long s_membarrier = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 283 : 324;

    [LibraryImport("libc", EntryPoint = "getppid")]
    public static partial int GetParent();

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(nint address, nint length);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    public static partial int Protect(nint address, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    public static partial int Advise(nint address, nint length, int advice);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    public static unsafe partial nint ReadAt(int file, byte* into, nint length, nint offset);

    public static int Membarrier(int command) => (int)Call(s_membarrier, command, 0, 0);

    /// <summary>
    /// Empties the processors' lists of pages that are yet to be aged, which hold on to their pages: a call that migrates none does so
    /// first (mm/migrate.c, do_pages_move).
    /// </summary>
    public static unsafe void DrainPages()
    {
        var (page, node, status) = (0L, 0, 0);
        Check(Call(MovePages, 0, 1, (long)&page, (long)&node, (long)&status, 2) >= 0, "move_pages");
    }

    public static void Check(bool good, string call)
    {
        if (!good)
        {
            throw new IOException($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Call(long number, long one, long two, long three, long four = 0, long five = 0, long six = 0);
}
