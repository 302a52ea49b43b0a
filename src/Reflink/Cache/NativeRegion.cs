using System.Runtime.InteropServices;

namespace Reflink.Cache;

/// <summary>
/// A range of zeroed native memory that costs nothing until it is touched: an anonymous mapping without a reservation
/// (mmap(2), MAP_NORESERVE), so that a machine of 64 GiB that uses 10 MiB costs 10 MiB. Big ranges ask for huge pages, which
/// saves most of the host's own page faults.
/// </summary>
internal sealed unsafe partial class NativeRegion : IDisposable
{
    private const int ReadWrite = 1 | 2;
    private const int PrivateAnonymousNoReserve = 0x02 | 0x20 | 0x4000;
    private const int AdviseHugePages = 14;

    // Below this a machine's 2 MiB to begin with would cost more than its faults.
    private const long WorthHugePages = 64L << 20;
    private readonly nuint _length;
    private byte* _address;

    public NativeRegion(long length)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Frames are reserved by mmap(MAP_NORESERVE); this needs Linux.");
        }

        _length = (nuint)Math.Max(length, 1);
        var address = Map(null, _length, ReadWrite, PrivateAnonymousNoReserve, -1, 0);
        if ((nint)address == -1)
        {
            throw new ReflinkException(
                Errno.ENOMEM, $"cannot reserve {length} bytes of address space; make the machine's memory smaller or raise ulimit -v");
        }

        _address = (byte*)address;
        if (length >= WorthHugePages)
        {
            // Advice: a kernel without huge pages says no, and nothing is lost.
            _ = Advise(address, _length, AdviseHugePages);
        }
    }

    public byte* Address => _address;

    public void Dispose()
    {
        if (_address != null)
        {
            _ = Unmap(_address, _length);
            _address = null;
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int Advise(void* address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(void* address, nuint length);
}
