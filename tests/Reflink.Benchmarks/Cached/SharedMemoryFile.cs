using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Reflink.Benchmarks.Cached;

/// <summary>
/// A file of the kernel's own in memory: tmpfs, a system call an access. As a stream, as the other peers are and most programs
/// use a file, and bare. It has no name once it is open.
/// </summary>
internal sealed class SharedMemoryFile : ICachedFile
{
    private const string Folder = "/dev/shm";
    private readonly SafeFileHandle _file;

    private SharedMemoryFile(SafeFileHandle file) => _file = file;

    public string Name => "/dev/shm, bare";

    public string Note => "RandomAccess: pread and pwrite";

    /// <summary>Makes the file, or says why it cannot be made.</summary>
    public static IEnumerable<ICachedFile> TryMake(long bytes, out string why)
    {
        why = "";
        var drive = new DriveInfo(Folder);
        if (!drive.IsReady || drive.AvailableFreeSpace < 2 * bytes)
        {
            why = $"{Folder} has no {bytes >> 19} MiB free";
            return [];
        }

        var path = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"reflink-cache-{Environment.ProcessId}"));
        var stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite);
        File.Delete(path);
        var bare = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
        File.Delete(path);
        return [new StreamFile("/dev/shm", "FileStream", stream), new SharedMemoryFile(bare)];
    }

    public void Read(long offset, Span<byte> page) => RandomAccess.Read(_file, page, offset);

    public void Write(long offset, ReadOnlySpan<byte> page) => RandomAccess.Write(_file, page, offset);

    public void Dispose() => _file.Dispose();
}
