using Reflink.Cache;
using Reflink.Files.Pages;
using Reflink.Inodes;
using Reflink.Patching.Sets;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Patching.Levels;

/// <summary>
/// A level is edits, not pages: where a process has a private copy of a page, the level edits that copy too, wherever it still
/// shows the bytes of the level below. What the process or a debugger changed stays, and a copy that has come to equal what
/// lies beneath it is dropped.
/// </summary>
internal sealed class PrivateCopies(PageCache cache, CopyOnWrite pages, Ledger ledger)
{
    /// <summary>Makes the private copies that sets touch the processes' own and resident, so that editing cannot fail half way.</summary>
    /// <exception cref="ReflinkException">ENOMEM, EIO; no byte has changed.</exception>
    public void Prepare(IReadOnlyList<(Process Process, Vma Vma, PatchSet Set)> places)
    {
        // Twice: making a page one's own can send the one before it to the last place in swap. When all are owned, going over
        // them once more either shows that each can still come in, or fails while nothing has changed.
        var touched = places.SelectMany(p => Touched(p.Vma, p.Set).Select(page => (p.Process, p.Vma, page))).ToList();
        foreach (var (process, vma, page) in touched.Concat(touched))
        {
            process.Memory.FillPrivate(vma, page);
        }
    }

    /// <summary>Replaces old bytes by new ones in private copies; returns the offsets that were otherwise.</summary>
    public List<long> Edit(Process process, Vma vma, PatchSet set)
    {
        var shadowed = new List<long>();
        if (HasNone(vma))
        {
            return shadowed;
        }

        for (var part = new PatchCursor(set); !part.IsAtEnd; part.Advance())
        {
            if (!IsOwn(vma, part.Page))
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
    /// Drops the private copies of pages in the set that equal what the mapping shows beneath them. A copy that cannot be
    /// compared for want of memory stays: it shows the right bytes all the same.
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
        using var own = cache.Leases.Begin(pages.Get(vma.Private!, new PageUse(vma.Private!.Number, page, AccessKind.Load, process.Group), out _));
        using var beneath = cache.Leases.Begin(pages.Get(vma.Base!.Reader, new PageUse(vma.Base!.Reader.Number, page, AccessKind.Load, process.Group), out _));
        return own.Bytes.SequenceEqual(beneath.Bytes);
    }

    // Nearly every mapping that is poked: the set need not be walked for it.
    private static bool HasNone(Vma vma) => vma.Private is not { Map.IsEmpty: false };

    // Parts of a split mapping share one private inode; each edits its own pages.
    private static bool IsOwn(Vma vma, PageIndex page) => vma.FileRange.Contains(page) && vma.IsFilled(page, out _);

    private static List<PageIndex> Touched(Vma vma, PatchSet set)
    {
        var touched = new List<PageIndex>();
        if (HasNone(vma))
        {
            return touched;
        }

        for (var part = new PatchCursor(set); !part.IsAtEnd; part.Advance())
        {
            if (!part.Old.SequenceEqual(part.New) && IsOwn(vma, part.Page) && (touched.Count == 0 || touched[^1] != part.Page))
            {
                touched.Add(part.Page);
            }
        }

        return touched;
    }
}
