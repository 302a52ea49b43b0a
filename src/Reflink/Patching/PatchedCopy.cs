using Reflink.Files;
using Reflink.Units;

namespace Reflink.Patching;

/// <summary>Patching by a whole patched copy of the file, to be mapped instead: shared by all who map it, but cached a second time.</summary>
public static class PatchedCopy
{
    private const int Chunk = 1 << 20;

    /// <summary>Copies a file byte by byte (no reflink) and patches the copy.</summary>
    /// <param name="volume">The volume of both.</param>
    /// <param name="path">The file.</param>
    /// <param name="copyPath">The copy; it must not exist.</param>
    /// <param name="set">What to change.</param>
    /// <exception cref="PatchRefusedException">Old bytes differ; no copy is left.</exception>
    /// <exception cref="ReflinkException">ENOENT, EEXIST, ENOSPC, ENOMEM; no copy is left.</exception>
    public static void Create(Volume volume, string path, string copyPath, PatchSet set)
    {
        using var source = volume.Open(path);
        using var copy = volume.Create(copyPath);
        try
        {
            PatchChecker.CheckSize(set, source.Size);
            PatchChecker.Check(set, 0, source.Size, (offset, into) => source.Read(offset, into));
            Copy(source, copy);
            for (var i = 0; i < set.Count; i++)
            {
                Write(copy, set.Offset(i), set.New(i));
            }
        }
        catch (ReflinkException)
        {
            volume.Unlink(copyPath);
            throw;
        }
    }

    private static void Copy(OpenFile source, OpenFile copy)
    {
        var buffer = new byte[Chunk];
        int read;
        for (var offset = 0L; (read = source.Read(offset, buffer)) > 0; offset += read)
        {
            Write(copy, offset, buffer.AsSpan(0, read));
        }
    }

    private static void Write(OpenFile copy, long offset, ReadOnlySpan<byte> bytes)
    {
        if (copy.Write(offset, bytes) < bytes.Length)
        {
            throw new ReflinkException(Errno.ENOMEM, "memory ran out while copying; give the machine more");
        }
    }
}
