using Reflink.Ksm.Sets;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Ksm.Scanning;

/// <summary>Gives mappings pages of their own in place of merged ones and of zero pages (unmerge_ksm_pages, mm/ksm.c).</summary>
internal static class Unmerger
{
    /// <summary>Breaks every merged page of a range of a mapping; what the scanner remembers learns of it at its next visit.</summary>
    /// <param name="services">What merging uses.</param>
    /// <param name="process">Whose memory.</param>
    /// <param name="vma">The mapping.</param>
    /// <param name="range">The range, within the mapping.</param>
    /// <param name="forkedToo">Also what is shared since a fork: who enters or leaves a partition shares nothing with those outside, or they would see what is merged of it later.</param>
    /// <exception cref="ReflinkException">ENOMEM or EIO; the pages before the one that failed are unmerged.</exception>
    public static void Unmerge(MergeServices services, Process process, Vma vma, VirtualRange range, bool forkedToo = false)
    {
        if (vma.Private is not { } own || !services.Vm.Changes.Follows(Rule.UnmergeBreaks))
        {
            return;
        }

        var last = vma.PageOf(range.End);
        for (var at = own.Map.NextMapped(vma.PageOf(range.Start)); at is { } page && page < last; at = own.Map.NextMapped(page + 1))
        {
            if (own.Map.TryFind(page, out var rest)
                && (rest.Block.IsZero || services.Space.IsMerged(rest.Block) || (forkedToo && !own.Map.IsExclusive(page))))
            {
                process.Memory.BreakPage(vma, page);
            }
        }
    }
}
