using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Reflink.Benchmarks.Cached;

/// <summary>A file of the kernel's own in memory: tmpfs, a system call an access, no buffer between. It has no name once it is open.</summary>
internal sealed class SharedMemoryFile : ICachedFile
{
    private const string Folder = "/dev/shm";
    private readonly SafeFileHandle _file;

    private SharedMemoryFile(SafeFileHandle file) => _file = file;

    public string Name => "/dev/shm";

    public string Note => "RandomAccess: pread and pwrite";

    /// <summary>Makes the file, or says why it cannot be made.</summary>
    public static SharedMemoryFile? TryMake(long bytes, out string why)
    {
        why = "";
        var drive = new DriveInfo(Folder);
        if (!drive.IsReady || drive.AvailableFreeSpace < bytes)
        {
            why = $"{Folder} has no {bytes >> 20} MiB free";
            return null;
        }

        var path = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"reflink-cache-{Environment.ProcessId}"));
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
        File.Delete(path);
        return new SharedMemoryFile(file);
    }

    public void Read(long offset, Span<byte> page) => RandomAccess.Read(_file, page, offset);

    public void Write(long offset, ReadOnlySpan<byte> page) => RandomAccess.Write(_file, page, offset);

    public void Dispose() => _file.Dispose();
}
