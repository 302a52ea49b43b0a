using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Reflink.Measuring;

namespace Reflink.Fidelity;

/// <summary>The kernel at the work that the cost model prices, on the runtime's own library, which is in the page cache.</summary>
internal sealed unsafe class KernelWork : IDisposable
{
    private const int Calls = 1_000;
    private const int AnonymousPages = 2_048;
    private const int FilePages = 16_384;
    private readonly SafeFileHandle _library;
    private readonly SafeFileHandle _inMemory;
    private readonly byte[] _buffer = new byte[Page.Size];
    private readonly Random _random = new(1);
    private readonly int _pages;
    private int _sum;

    public KernelWork()
    {
        Path = System.IO.Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "libcoreclr.so");
        _library = File.OpenHandle(Path);
        _pages = (int)(RandomAccess.GetLength(_library) >> Page.Shift);
        // Deleted as it is closed; the name is only how tmpfs is reached.
        _inMemory = File.OpenHandle(
            $"/dev/shm/reflink-costs-{Environment.ProcessId}", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        RandomAccess.Write(_inMemory, new byte[FilePages * Page.Size], 0);
        // Read once, or the first round would measure the disk.
        using var region = MapLibrary();
        _sum = region.Load();
    }

    public string Path { get; }

    public int Pages => _pages;

    private int Descriptor => (int)_library.DangerousGetHandle();

    public static void GetParent(Lap lap)
    {
        lap.Start();
        for (var i = 0; i < Calls; i++)
        {
            _ = Native.GetParent();
        }

        lap.Stop(Calls);
    }

    /// <summary>Loads from cached file pages; faults map around them.</summary>
    public void Touch(Lap lap)
    {
        using var region = MapLibrary();
        lap.Start();
        _sum += region.Load();
        lap.Stop(_pages);
    }

    /// <summary>Stores to private file pages that were read before.</summary>
    public void CopyOnWrite(Lap lap)
    {
        using var region = MapLibrary();
        _sum += region.Load();
        region.Protect(Native.ReadWrite);
        lap.Start();
        region.Store();
        lap.Stop(_pages);
    }

    /// <summary>Makes pages that are present writable, and back: two changes a page.</summary>
    public void Protect(Lap lap)
    {
        using var region = MapLibrary();
        _sum += region.Load();
        lap.Start();
        region.Protect(Native.ReadWrite);
        region.Protect(Native.ReadExecute);
        lap.Stop(2L * _pages);
    }

    public void Unmap(Lap lap)
    {
        using var region = MapLibrary();
        _sum += region.Load();
        lap.Start();
        region.Dispose();
        lap.Stop(_pages);
    }

    /// <summary>The call alone: nothing is touched, and munmap is not counted.</summary>
    public void Map(Lap lap)
    {
        for (var i = 0; i < 50; i++)
        {
            lap.Start();
            var region = MapLibrary();
            lap.Stop();
            region.Dispose();
        }
    }

    public static void Zero(Lap lap)
    {
        using var region = new Region(-1, AnonymousPages, Native.ReadWrite);
        lap.Start();
        region.Store();
        lap.Stop(AnonymousPages);
    }

    /// <summary>Of pages in random order over 64 MiB: more than the processor's caches keep for one of many.</summary>
    public void ReadAt(Lap lap)
    {
        var file = (int)_inMemory.DangerousGetHandle();
        var order = Enumerable.Range(0, FilePages).ToArray();
        _random.Shuffle(order);
        fixed (byte* into = _buffer)
        {
            lap.Start();
            foreach (var page in order)
            {
                Native.Check(Native.ReadAt(file, into, Page.Size, (nint)page << Page.Shift) == Page.Size, "pread");
            }

            lap.Stop(FilePages);
        }
    }

    /// <summary>Why the kernel cannot serialise this process' cores; null if it can.</summary>
    public static string? NoMembarrier() => Native.Membarrier(Native.MembarrierRegisterSyncCore) == 0
        ? null
        : $"membarrier: {Marshal.GetLastPInvokeErrorMessage()}";

    public static void Membarrier(Lap lap)
    {
        lap.Start();
        for (var i = 0; i < Calls; i++)
        {
            Native.Check(Native.Membarrier(Native.MembarrierSyncCore) == 0, "membarrier");
        }

        lap.Stop(Calls);
    }

    public void Dispose()
    {
        _library.Dispose();
        _inMemory.Dispose();
    }

    private Region MapLibrary() => new(Descriptor, _pages, Native.ReadExecute);
}
