using Reflink.Patching.Sets;

namespace Reflink.Patching;

/// <summary>
/// Patching by a file that holds only the changed pages, which are mapped over the text: all who map it share it and nothing is
/// cached twice, but every run of pages is a separate mapping.
/// </summary>
public static class PatchedPages
{
    /// <summary>Writes the patched pages, one behind the other.</summary>
    /// <param name="volume">The volume of both.</param>
    /// <param name="path">The file.</param>
    /// <param name="deltaPath">The file of patched pages; it must not exist.</param>
    /// <param name="set">What to change.</param>
    /// <returns>The runs of pages to map, in order.</returns>
    /// <exception cref="PatchRefusedException">Old bytes differ; no file is left.</exception>
    /// <exception cref="ReflinkException">ENOENT, EEXIST, ENOSPC, ENOMEM; no file is left.</exception>
    public static IReadOnlyList<PatchedRun> Create(Volume volume, string path, string deltaPath, PatchSet set)
    {
        ArgumentNullException.ThrowIfNull(volume);
        ArgumentNullException.ThrowIfNull(set);
        using var source = volume.Open(path);
        using var delta = volume.Create(deltaPath);
        try
        {
            PatchChecker.CheckSize(set, source.Size);
            PatchChecker.Check(set, 0, source.Size, (offset, into) => source.Read(offset, into));
            return Write(source, delta, set);
        }
        catch (ReflinkException)
        {
            volume.Unlink(deltaPath);
            throw;
        }
    }

    private static List<PatchedRun> Write(OpenFile source, OpenFile delta, PatchSet set)
    {
        var runs = new List<PatchedRun>();
        var bytes = new byte[Page.Size];
        for (var next = new PatchCursor(set); !next.IsAtEnd;)
        {
            var page = next.Page;
            bytes.AsSpan(source.Read(page.Offset, bytes)).Clear();
            for (; !next.IsAtEnd && next.Page == page; next.Advance())
            {
                next.New.CopyTo(bytes.AsSpan(next.OffsetInPage));
            }

            if (runs.Count > 0 && runs[^1].Pages.End == page)
            {
                runs[^1] = runs[^1] with { Pages = runs[^1].Pages with { Length = runs[^1].Pages.Length + 1 } };
            }
            else
            {
                runs.Add(new PatchedRun(new PageRange(page, 1), delta.Size));
            }

            if (delta.Append(bytes) < bytes.Length)
            {
                throw new ReflinkException(Errno.ENOMEM, "memory ran out while writing patched pages; give the machine more");
            }
        }

        return runs;
    }
}
