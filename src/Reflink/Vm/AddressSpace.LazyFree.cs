using Reflink.Cache;
using Reflink.Files.Pages;

namespace Reflink.Vm;

/// <content>Giving up the bytes of pages that may be needed again (MADV_FREE).</content>
public sealed partial class AddressSpace
{
    // Pages in swap, and those that were read ahead of a fault, become holes at once, since a page of zeroes is cheaper than reading them; others in memory only if nobody else has them
    // (madvise_free_single_vma and madvise_free_pte_range, mm/madvise.c).
    private void GiveUp(Vma vma, VirtualRange part)
    {
        if (vma.File is { } file)
        {
            throw new ReflinkException(Errno.EINVAL, $"the mapping at {vma.Start} shows {file}, and only pages of anonymous memory can be given up; use {Advice.DontNeed}");
        }

        if (vma.Private is not { } own)
        {
            return;
        }

        var inSwap = new List<PageIndex>();
        foreach (var (block, label) in new MappedPages(own, vma.PagesOf(part)))
        {
            if (!_vm.Cache.TryPeek(block, label, out var frame) || (_vm.Cache.Frames[frame].Flags & FrameFlags.Readahead) != 0)
            {
                inSwap.Add(label.Page);
            }
            else if (own.Map.IsExclusive(label.Page))
            {
                _vm.Cache.Dirty.GiveUp(frame);
            }
        }

        foreach (var page in inSwap)
        {
            _vm.Ledger.Unmap(own, new PageRange(page, 1));
            SetEntry(vma.AddressOf(page), default);
        }
    }
}
