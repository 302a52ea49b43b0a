using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Reflink.Fidelity.Filesystems;

/// <summary>A cold file in a live filesystem, mapped shared: which pages the kernel reads around those that loads miss.</summary>
public sealed unsafe partial class LiveReadAround : IDisposable
{
    private const int Read = 1;
    private const int Shared = 1;
    private const int AdviseDontNeed = 4;

    private readonly SafeFileHandle _file;
    private readonly int _pages;
    private readonly string _device;
    private readonly nint _start;

    /// <summary>Makes the file, none of which is in memory, and sets how much the filesystem's device reads ahead.</summary>
    /// <exception cref="IOException">It cannot be made or mapped, or the device's readahead cannot be set.</exception>
    public LiveReadAround(LoopImage image, int pages, int readAheadKilobytes)
    {
        _pages = pages;
        var path = $"{image.Path}/around";
        File.WriteAllBytes(path, [.. Enumerable.Repeat((byte)7, pages * Page.Size)]);
        var device = DeviceOf(image.Path);
        File.WriteAllText($"/sys/class/bdi/{device}/read_ahead_kb", $"{readAheadKilobytes}");
        _device = $"/sys/dev/block/{device}";
        _file = File.OpenHandle(path);
        RandomAccess.FlushToDisk(_file);
        var number = (int)_file.DangerousGetHandle();
        Native.Check(Advise(number, 0, 0, AdviseDontNeed) == 0, "posix_fadvise");
        _start = Native.Map(0, pages * Page.Size, Read, Shared, number, 0);
        Native.Check(_start != -1, "mmap");
    }

    /// <summary>The pages that are in memory (mincore(2)) when all that was asked for has been read.</summary>
    public IReadOnlyList<int> Resident
    {
        get
        {
            BlockReads.Await(_device);
            var core = new byte[_pages];
            fixed (byte* bytes = core)
            {
                Native.Check(InCore(_start, _pages * Page.Size, bytes) == 0, "mincore");
            }

            return [.. Enumerable.Range(0, _pages).Where(page => (core[page] & 1) != 0)];
        }
    }

    /// <summary>Loads a byte of a page.</summary>
    public byte Load(int page) => *(byte*)(_start + (page * Page.Size));

    /// <summary>Unmaps and closes.</summary>
    public void Dispose()
    {
        _ = Native.Unmap(_start, _pages * Page.Size);
        _file.Dispose();
    }

    // The third field of mountinfo is major:minor, the fifth the mount point.
    private static string DeviceOf(string path) =>
        File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')).Last(fields => fields[4] == path)[2];

    [LibraryImport("libc", EntryPoint = "mincore", SetLastError = true)]
    private static partial int InCore(nint address, nint length, byte* core);

    [LibraryImport("libc", EntryPoint = "posix_fadvise", SetLastError = true)]
    private static partial int Advise(int file, long offset, long length, int advice);
}
