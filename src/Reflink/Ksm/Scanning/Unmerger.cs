using Reflink.Inodes;
using Reflink.Space;
using Reflink.Vm;

namespace Reflink.Ksm.Scanning;

/// <summary>Gives mappings pages of their own in place of merged ones and of zero pages (unmerge_ksm_pages, mm/ksm.c).</summary>
internal sealed class Unmerger(BlockSpace space, ChangeCounter changes)
{
    /// <summary>Gives a range of a mapping pages of its own in place of merged pages and zero pages. The scanner finds that out at its next visit.</summary>
    /// <exception cref="ReflinkException">ENOMEM or EIO; the pages before the one that failed are unmerged.</exception>
    public void Unmerge(Process process, Vma vma, VirtualRange range) =>
        Break(process, vma, range, static (space, _, _, block) => block.IsZero || space.IsMerged(block));

    /// <summary>
    /// Gives a range of a mapping pages of its own in place of all that it shares, by merging or since a fork. A mapping that enters or leaves a
    /// partition shares nothing with those outside, or they would see what is merged of it later.
    /// </summary>
    /// <exception cref="ReflinkException">ENOMEM or EIO; the pages before the one that failed are separated.</exception>
    public void Separate(Process process, Vma vma, VirtualRange range) =>
        Break(process, vma, range, static (space, map, page, block) => block.IsZero || space.IsMerged(block) || !map.IsExclusive(page));

    private void Break(Process process, Vma vma, VirtualRange range, Func<BlockSpace, ExtentMap, PageIndex, BlockNumber, bool> breaks)
    {
        if (vma.Private is not { } own || !changes.Follows(Rule.UnmergeBreaks))
        {
            return;
        }

        var last = vma.PageOf(range.End);
        for (var at = own.Map.NextMapped(vma.PageOf(range.Start)); at is { } page && page < last; at = own.Map.NextMapped(page + 1))
        {
            if (own.Map.TryFind(page, out var rest) && breaks(space, own.Map, page, rest.Block))
            {
                process.Memory.BreakPage(vma, page);
            }
        }
    }
}
