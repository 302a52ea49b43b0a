using Microsoft.Win32.SafeHandles;
using Reflink.Measuring;

namespace Reflink.Benchmarks;

/// <summary>
/// XFS' side of the clone benchmark: files of which every other page is written, so that each written page is an extent,
/// as FIEMAP confirms.
/// </summary>
internal sealed class XfsFiles : IDisposable
{
    private readonly Dictionary<int, (SafeFileHandle File, uint Extents)> _sources = [];
    private readonly string _folder;

    private XfsFiles(string folder) => _folder = folder;

    /// <summary>Makes them; null, and why, where that cannot be done.</summary>
    public static XfsFiles? TryMake(XfsImage image, IEnumerable<int> sizes, out string why)
    {
        var files = new XfsFiles(image.Path);
        try
        {
            foreach (var size in sizes)
            {
                files.Make(size);
            }

            why = "";
            return files;
        }
        catch (IOException e)
        {
            why = e.Message;
            files.Dispose();
            return null;
        }
    }

    public string Describe() => "XFS: " + string.Join(", ", _sources.Values.Select(s => $"{s.Extents:N0}")) + " extents by FIEMAP, every other page";

    public void Clone(Lap lap, int size)
    {
        var path = Path.Combine(_folder, "clone");
        using (var target = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            var source = _sources[size].File;
            lap.Start();
            Native.Clone(source, target);
            lap.Stop();
            // Unlinking would free the extents in the background, while others are measured; this does it here.
            RandomAccess.SetLength(target, 0);
        }

        File.Delete(path);
    }

    public void Dispose()
    {
        foreach (var (file, _) in _sources.Values)
        {
            file.Dispose();
        }
    }

    private void Make(int size)
    {
        var file = File.OpenHandle(Path.Combine(_folder, $"source{size}"), FileMode.CreateNew, FileAccess.ReadWrite);
        _sources[size] = (file, 0);
        // The length first: else XFS allocates ahead of the end, and the holes too.
        RandomAccess.SetLength(file, 2L * size * Page.Size);
        var page = new byte[Page.Size];
        page.AsSpan().Fill(7);
        for (var i = 0; i < size; i++)
        {
            RandomAccess.Write(file, page, 2L * i * Page.Size);
        }

        RandomAccess.FlushToDisk(file);
        var extents = Native.CountExtents(file);
        if (extents != size)
        {
            throw new IOException($"XFS made {extents} extents of {size} pages");
        }

        _sources[size] = (file, extents);
    }
}
