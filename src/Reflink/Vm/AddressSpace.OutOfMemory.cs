using Reflink.Files.Pages;

namespace Reflink.Vm;

/// <content>What an address space holds, and taking it away (mm/oom_kill.c).</content>
public sealed partial class AddressSpace
{
    /// <summary>Pages in memory, pages in swap, and pages of page tables.</summary>
    internal long CountPages()
    {
        var pages = _entries.CountTables();
        foreach (var vma in _vmas.All)
        {
            pages += Present(vma).Count(present => present.Frame != _vm.Cache.Frames.Zero);
            foreach (var (block, label) in PrivatePages(vma))
            {
                pages += _vm.Cache.TryPeek(block, label, out _) ? 0 : 1;
            }
        }

        return pages;
    }

    /// <summary>Frees the anonymous pages that nobody else owns, and has every access look again. The mappings stay as they are, since somebody may be working with them.</summary>
    /// <returns>How many frames were freed.</returns>
    internal int Reap()
    {
        var freed = 0;
        foreach (var vma in _vmas.All)
        {
            vma.StampRebound(_vm.Changes);
            foreach (var (block, label) in PrivatePages(vma))
            {
                freed += vma.Private!.Map.IsExclusive(label.Page) && _vm.Cache.Reclaimer.Reap(block) ? 1 : 0;
            }
        }

        DropLastLoad();
        return freed;
    }

    private static MappedPages PrivatePages(Vma vma) => new(vma.Private, vma.PagesOf(vma.Range));
}
