using System.Runtime.InteropServices;

namespace Reflink.Cache.Memory;

/// <summary>
/// Addresses first and memory later: Windows counts all that is usable against what it has, so pages become usable only when they
/// are about to be used (VirtualAlloc, MEM_RESERVE and MEM_COMMIT). Other systems do the same by mprotect(2), where an access that
/// came too early is a fault: that is how the tests on Linux try it.
/// </summary>
internal sealed unsafe partial class ReservedMemory : INativeMemory
{
    private const uint Commit = 0x1000;
    private const uint ReserveOnly = 0x2000;
    private const uint Release = 0x8000;
    private const uint NoAccess = 0x01;
    private const uint PageReadWrite = 0x04;
    private const int ReadWrite = 1 | 2;

    private readonly MappedMemory _mapped = new();

    /// <inheritdoc/>
    public byte* Reserve(nuint length)
    {
        if (OperatingSystem.IsWindows())
        {
            return (byte*)VirtualAlloc(null, length, ReserveOnly, NoAccess);
        }

        var address = _mapped.Reserve(length);
        return address != null && Protect(address, length, 0) != 0 ? null : address;
    }

    /// <inheritdoc/>
    public bool TryCommit(byte* address, nuint length)
    {
        // A page of this computer may be larger than ours, and both calls want its beginning.
        var page = (nuint)Environment.SystemPageSize;
        var first = (nuint)address / page * page;
        var bytes = (nuint)address + length - first;
        return OperatingSystem.IsWindows()
            ? VirtualAlloc((void*)first, bytes, Commit, PageReadWrite) != null
            : Protect((void*)first, bytes, ReadWrite) == 0;
    }

    /// <inheritdoc/>
    public void Free(byte* address, nuint length)
    {
        if (OperatingSystem.IsWindows())
        {
            _ = VirtualFree(address, 0, Release);
        }
        else
        {
            _mapped.Free(address, length);
        }
    }

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial void* VirtualAlloc(void* address, nuint length, uint type, uint protection);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial int VirtualFree(void* address, nuint length, uint type);
}
