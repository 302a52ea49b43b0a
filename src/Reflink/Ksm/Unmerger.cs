using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Ksm;

/// <summary>Gives mappings pages of their own in place of merged ones and of zero pages (unmerge_ksm_pages, mm/ksm.c).</summary>
internal static class Unmerger
{
    /// <summary>Breaks every merged page of a range of a mapping; what the scanner remembers learns of it at its next visit.</summary>
    /// <exception cref="ReflinkException">ENOMEM or EIO; the pages before the one that failed are unmerged.</exception>
    public static void Unmerge(MergeServices services, Process process, Vma vma, VirtualPage start, VirtualPage end)
    {
        if (vma.Private is not { } own)
        {
            return;
        }

        var last = vma.PageOf(end);
        for (var at = own.Map.NextMapped(vma.PageOf(start)); at is { } page && page < last; at = own.Map.NextMapped(page + 1))
        {
            if (own.Map.TryFind(page, out var extent) && (extent.Block.IsZero || services.Space.IsMerged(extent.Block)))
            {
                process.Memory.BreakPage(vma, page);
            }
        }
    }
}
