using System.Runtime.InteropServices;

namespace Reflink.Cache.Memory;

/// <summary>
/// Anonymous mappings without a reservation (mmap(2), MAP_NORESERVE): the kernel takes a page when it is first touched. Big ranges
/// ask for huge pages, which saves most of the host's own page faults.
/// </summary>
internal sealed unsafe partial class MappedMemory : INativeMemory
{
    private const int ReadWrite = 1 | 2;
    private const int Private = 0x02;
    private const int AdviseHugePages = 14;

    // Below this a machine's 2 MiB to begin with would cost more than its faults.
    private const long WorthHugePages = 64L << 20;

    // MAP_ANONYMOUS and MAP_NORESERVE have other numbers on each system; FreeBSD never reserves.
    private static readonly int s_anonymousNoReserve =
        OperatingSystem.IsLinux() ? 0x20 | 0x4000 : OperatingSystem.IsMacOS() ? 0x1000 | 0x40 : 0x1000;

    /// <inheritdoc/>
    public byte* Reserve(nuint length)
    {
        var address = Map(null, length, ReadWrite, Private | s_anonymousNoReserve, -1, 0);
        if (unchecked((nint)address) == -1)
        {
            return null;
        }

        if (length >= WorthHugePages && OperatingSystem.IsLinux())
        {
            // Advice: a kernel without huge pages says no, and nothing is lost.
            _ = Advise(address, length, AdviseHugePages);
        }

        return (byte*)address;
    }

    /// <inheritdoc/>
    public bool TryCommit(byte* address, nuint length) => true;

    /// <inheritdoc/>
    public void Free(byte* address, nuint length) => _ = Unmap(address, length);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int Advise(void* address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(void* address, nuint length);
}
