using Reflink.Cache;
using Reflink.Files.Pages;
using Reflink.Patching.Sets;
using Reflink.Vm;

namespace Reflink.Patching.Levels;

/// <summary>
/// Applies levels to private copies of pages. A level edits a private copy wherever that still shows the bytes of the level below.
/// Bytes that the process or a debugger changed stay, and a copy that has become equal to the page beneath it is dropped.
/// </summary>
internal sealed class PrivateCopies(PageCache cache, CopyOnWrite pages, Ledger ledger)
{
    /// <summary>Makes the private copies that sets touch exclusive to their processes and resident, so that editing cannot fail half way.</summary>
    /// <exception cref="ReflinkException">ENOMEM, EIO; no byte has changed.</exception>
    public void Prepare(IReadOnlyList<(Process Process, Vma Vma, PatchSet Set)> places)
    {
        // Two rounds. The first makes every page private, which may swap earlier ones out; the second proves that all can be
        // resident, or fails before any byte changes.
        var touched = places.SelectMany(p => Touched(p.Vma, p.Set).Select(page => (p.Process, p.Vma, page))).ToList();
        foreach (var (process, vma, page) in touched.Concat(touched))
        {
            process.Memory.FillPrivate(vma, page);
        }
    }

    /// <summary>Replaces old bytes by new ones in private copies; returns the file offsets of bytes that were neither.</summary>
    public List<long> Edit(Process process, Vma vma, PatchSet set)
    {
        var shadowed = new List<long>();
        if (HasNone(vma))
        {
            return shadowed;
        }

        for (var part = new PatchCursor(set); !part.IsAtEnd; part.Advance())
        {
            if (!HasPrivate(vma, part.Page))
            {
                continue;
            }

            var bytes = cache.Frames.Bytes(process.Memory.FillPrivate(vma, part.Page))[part.OffsetInPage..];
            var from = part.Old;
            var to = part.New;
            for (var i = 0; i < from.Length; i++)
            {
                if (bytes[i] == from[i])
                {
                    bytes[i] = to[i];
                }
                else if (bytes[i] != to[i] && from[i] != to[i])
                {
                    shadowed.Add(part.Offset + i);
                }
            }
        }

        return shadowed;
    }

    /// <summary>
    /// Drops the private copies of pages in the set that equal the pages beneath them. A copy that cannot be compared because memory
    /// is short stays, since it shows the right bytes too.
    /// </summary>
    public void DropEqual(Process process, Vma vma, PatchSet set)
    {
        foreach (var page in Touched(vma, set))
        {
            if (EqualsBeneath(process, vma, page))
            {
                ledger.Unmap(vma.Private!, new PageRange(page, 1));
            }
        }
    }

    private bool EqualsBeneath(Process process, Vma vma, PageIndex page)
    {
        try
        {
            return Compare(process, vma, page);
        }
        catch (ReflinkException e) when (e.Error is Errno.ENOMEM or Errno.ENOSPC or Errno.EIO)
        {
            return false;
        }
    }

    private bool Compare(Process process, Vma vma, PageIndex page)
    {
        using var own = cache.Leases.Begin(pages.Get(vma.Private!, new PageUse(vma.Private!.Number, page, AccessKind.None, process.Group), out _));
        using var beneath = cache.Leases.Begin(pages.Get(vma.Base!.Reader, new PageUse(vma.Base!.Reader.Number, page, AccessKind.None, process.Group), out _));
        return own.Bytes.SequenceEqual(beneath.Bytes);
    }

    // True for nearly every mapping that is poked, so that the set need not be walked.
    private static bool HasNone(Vma vma) => vma.Private is not { Map.IsEmpty: false };

    // Parts of a split mapping share one private inode, so a part must only edit pages in its range.
    private static bool HasPrivate(Vma vma, PageIndex page) => vma.FileRange.Contains(page) && vma.IsFilled(page, out _);

    private static List<PageIndex> Touched(Vma vma, PatchSet set)
    {
        var touched = new List<PageIndex>();
        if (HasNone(vma))
        {
            return touched;
        }

        for (var part = new PatchCursor(set); !part.IsAtEnd; part.Advance())
        {
            if (!part.Old.SequenceEqual(part.New) && HasPrivate(vma, part.Page) && (touched.Count == 0 || touched[^1] != part.Page))
            {
                touched.Add(part.Page);
            }
        }

        return touched;
    }
}
