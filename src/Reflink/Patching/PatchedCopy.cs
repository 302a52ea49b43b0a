using Reflink.Patching.Sets;

namespace Reflink.Patching;

/// <summary>Patching by a patched copy of the whole file, which is mapped instead: all who map it share it, but the file is cached twice.</summary>
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
        ArgumentNullException.ThrowIfNull(volume);
        ArgumentNullException.ThrowIfNull(set);
        using var source = volume.Open(path);
        using var copy = volume.Create(copyPath);
        try
        {
            PatchChecker.CheckSize(set, source.Size);
            PatchChecker.Check(set, 0, source.Size, (offset, into) => source.Read(offset, into));
            Copy(source, copy, set);
        }
        catch (ReflinkException)
        {
            volume.Unlink(copyPath);
            throw;
        }
    }

    private static void Copy(OpenFile source, OpenFile copy, PatchSet set)
    {
        var buffer = new byte[Chunk];
        int read;
        var next = 0;
        for (var offset = 0L; (read = source.Read(offset, buffer)) > 0; offset += read)
        {
            var chunk = buffer.AsSpan(0, read);
            next = Patch(chunk, offset, set, next);
            if (copy.Write(offset, chunk) < read)
            {
                throw new ReflinkException(Errno.ENOMEM, "memory ran out while copying; give the machine more");
            }
        }
    }

    // Returns the first entry that reaches beyond the chunk.
    private static int Patch(Span<byte> chunk, long offset, PatchSet set, int next)
    {
        for (var end = offset + chunk.Length; next < set.Count && set.Offset(next) < end; next++)
        {
            var skipped = (int)Math.Max(0, offset - set.Offset(next));
            var part = set.New(next)[skipped..];
            var at = (int)(set.Offset(next) + skipped - offset);
            part[..Math.Min(part.Length, chunk.Length - at)].CopyTo(chunk[at..]);
            if (set[next].End > end)
            {
                break;
            }
        }

        return next;
    }
}
