namespace Reflink.Cache;

/// <summary>
/// Which swapped pages to read besides the one that a fault finds in swap: those around it in the same mapping (swap_vma_ra_win and __swapin_nr_pages,
/// mm/swap_state.c of Linux 6.18, as for swap on solid-state disks). It knows pages by number only.
/// <code>
///   pages ascend by one              pages descend by one             any other order
///        page                                   page                      page
///   ───────┴─────── win ──────▶     ◀── win ──────┴───────      ◀── win / 2 ─┴─ win / 2 ──▶
///   the window grows with the hits: pages that were read ahead and used since the fault before; without any it shrinks by half
/// </code>
/// </summary>
internal struct SwapReadahead
{
    // SWAP_RA_ORDER_CEILING: no larger window is taken, whatever page-cluster says.
    private const int LargestOrder = 5;

    // SWAP_RA_HITS_MAX.
    private const int MostHits = 63;

    // A mapping of which nothing was read yet begins as if there had been some (GET_SWAP_RA_VAL).
    private const int HitsAtFirst = 4;

    private VirtualPage _last;
    private int _window;
    private int _hits;
    private bool _isKnown;

    /// <summary>The largest window that a value of /proc/sys/vm/page-cluster allows, in pages; 1: nothing is read ahead.</summary>
    /// <param name="pageCluster">log2 of it.</param>
    /// <param name="memory">How many pages of memory there are: no window takes more than a quarter of them.</param>
    public static int LargestWindow(int pageCluster, int memory) => Math.Min(1 << Math.Min(pageCluster, LargestOrder), memory / 4);

    /// <summary>A page is missing, and in swap.</summary>
    /// <param name="page">The page.</param>
    /// <param name="largest">The largest window, in pages; 2 at the least.</param>
    /// <returns>The pages to read, this one among them; they may reach beyond the mapping. Empty: this one alone.</returns>
    public VirtualRange Miss(VirtualPage page, int largest)
    {
        var (last, window) = (_last, SizeFor(page, largest));
        (_last, _window, _hits, _isKnown) = (page, window, 0, true);
        if (window == 1)
        {
            return default;
        }

        var start = (page - last) switch
        {
            1 => page,
            -1 => page + (1 - window),
            _ => page + -((window - 1) / 2),
        };
        return new VirtualRange(start, window);
    }

    /// <summary>A fault found a page in memory that had been read from swap before the mapping asked for it (swap_update_readahead).</summary>
    public void Found(VirtualPage page) => (_last, _hits, _isKnown) = (page, Hits, true);

    /// <summary>The same, of a page that was read ahead and is used for the first time.</summary>
    public void Hit(VirtualPage page) => (_last, _hits, _isKnown) = (page, Math.Min(Hits + 1, MostHits), true);

    private readonly int Hits => _isKnown ? _hits : HitsAtFirst;

    private readonly int SizeFor(VirtualPage page, int largest)
    {
        var size = Hits > 0 ? (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, Hits + 2))
            : page - _last is 1 or -1 ? 2 : 1;
        return Math.Max(Math.Min(size, largest), _window / 2);
    }
}
