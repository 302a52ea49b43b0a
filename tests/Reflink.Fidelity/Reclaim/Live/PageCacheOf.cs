using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>What the kernel's page cache has of a file.</summary>
internal static partial class PageCacheOf
{
    private const int CacheStat = 451;
    private const int DontNeed = 4;
    private const int NoSuchCall = 38;

    /// <summary>Writes the file back and drops its pages.</summary>
    public static void Drop(string path)
    {
        using var file = Open(path, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
        Native.Check(Advise((int)file.DangerousGetHandle(), 0, 0, DontNeed) == 0, "posix_fadvise");
    }

    /// <summary>Checks that nothing of the file is cached, and that nothing is remembered of pages that were evicted.</summary>
    /// <exception cref="IOException">Something is.</exception>
    public static void RequireNothing(string path)
    {
        var left = Count(path) ?? throw new IOException("this kernel has no cachestat(2)");
        for (var tries = 5; left != default && tries > 0; tries--)
        {
            Drop(path);
            left = Count(path)!.Value;
        }

        if (left != default)
        {
            throw new IOException($"{path}: {left.Cached} pages could not be dropped from the page cache and {left.Evicted} are remembered as evicted; does another program read it?");
        }
    }

    /// <summary>Pages that are cached, and pages that the kernel remembers as evicted; null where there is no cachestat(2).</summary>
    public static unsafe (ulong Cached, ulong Evicted)? Count(string path)
    {
        using var file = Open(path, FileAccess.Read);
        var range = stackalloc ulong[2] { 0, 0 };
        var answer = stackalloc ulong[5];
        if (Call(CacheStat, (int)file.DangerousGetHandle(), range, answer, 0) == 0)
        {
            return (answer[0], answer[3]);
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchCall ? null : throw new IOException($"cachestat of {path}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    private static SafeFileHandle Open(string path, FileAccess access) => File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(int file, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static unsafe partial long Call(long number, int file, ulong* range, ulong* answer, uint flags);
}
