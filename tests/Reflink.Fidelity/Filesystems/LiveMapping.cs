using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Reflink.Fidelity.Filesystems;

/// <summary>
/// A live file all of whose pages are in memory, each in a mapping of its own, so that a load from one does not map its neighbours
/// as well (fault-around stays within a mapping, mm/memory.c).
/// </summary>
public sealed unsafe partial class LiveMapping : IDisposable
{
    private const int Read = 1;
    private const int Shared = 1;
    private const int PrivateAnonymous = 0x22;
    private const int Fixed = 0x10;
    private const int AdviseRandom = 1;
    private const int AdviseDontNeed = 4;

    private readonly SafeFileHandle _file;
    private readonly int _pages;
    private readonly nint _start;
    private readonly nint _whole;

    /// <summary>Makes the file, and reads it page by page, so that it is cached in pages and not in large folios.</summary>
    /// <exception cref="IOException">It cannot be made or mapped.</exception>
    public LiveMapping(string path, int pages)
    {
        File.WriteAllBytes(path, [.. Enumerable.Repeat((byte)7, pages * Page.Size)]);
        _pages = pages;
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(_file);
        DropUnmapped();
        Native.Check(Advise(Number, 0, 0, AdviseRandom) == 0, "posix_fadvise");
        for (var page = 0; page < pages; page++)
        {
            RandomAccess.Read(_file, new byte[1], (long)page * Page.Size);
        }

        // Every other page of the range stays free, so that the kernel does not make neighbours one mapping.
        _start = Map(0, pages * 2 * Page.Size, 0, PrivateAnonymous, -1, 0);
        for (var page = 0; page < pages; page++)
        {
            Map(AddressOf(page), Page.Size, Read, Shared | Fixed, Number, page * Page.Size);
        }

        _whole = Map(0, pages * Page.Size, Read, Shared, Number, 0);
    }

    /// <summary>How many pages are in memory (mincore(2)).</summary>
    public int Resident
    {
        get
        {
            var core = stackalloc byte[_pages];
            Native.Check(InCore(_whole, _pages * Page.Size, core) == 0, "mincore");
            return new ReadOnlySpan<byte>(core, _pages).Count((byte)1);
        }
    }

    private int Number => (int)_file.DangerousGetHandle();

    /// <summary>Loads a byte of a page through its mapping.</summary>
    public byte Load(int page) => *(byte*)AddressOf(page);

    /// <summary>Takes the mapping of a page away.</summary>
    public void Unmap(int page) => Map(AddressOf(page), Page.Size, 0, PrivateAnonymous | Fixed, -1, 0);

    /// <summary>Drops what the kernel drops by posix_fadvise(2), POSIX_FADV_DONTNEED.</summary>
    public void DropUnmapped() => Native.Check(Advise(Number, 0, 0, AdviseDontNeed) == 0, "posix_fadvise");

    /// <summary>Unmaps and closes.</summary>
    public void Dispose()
    {
        _ = Native.Unmap(_start, _pages * 2 * Page.Size);
        _ = Native.Unmap(_whole, _pages * Page.Size);
        _file.Dispose();
    }

    private nint AddressOf(int page) => _start + (page * 2 * Page.Size);

    private static nint Map(nint address, nint length, int protection, int flags, int file, nint offset)
    {
        var at = Native.Map(address, length, protection, flags, file, offset);
        Native.Check(at != -1, "mmap");
        return at;
    }

    [LibraryImport("libc", EntryPoint = "mincore", SetLastError = true)]
    private static partial int InCore(nint address, nint length, byte* core);

    [LibraryImport("libc", EntryPoint = "posix_fadvise", SetLastError = true)]
    private static partial int Advise(int file, long offset, long length, int advice);
}
