namespace Reflink.Cache;

/// <summary>
/// Which pages to read before they are asked for: the on-demand readahead of one open file (struct file_ra_state and
/// mm/readahead.c of Linux 6.18). It knows pages by number only, so a simulation without bytes can run it.
/// <code>
///        start                     mark                      start + size
///          │◄──────── read ──────────│◄────────── async ──────────►│
///   ───────┴─────────────────────────┴─────────────────────────────┴───▶ pages
///   a miss reads a window; the first access to its marked page reads the next window, twice as large, behind it
/// </code>
/// Left out: the device's own limit on a read (io_pages), FADV_RANDOM and FADV_SEQUENTIAL, congestion, and
/// what 6.18 does for mappings of programs (VM_EXEC) and for huge pages.
/// </summary>
internal sealed class Readahead
{
    private long _start;
    private long _size;
    private long _async;

    // log2 of the pages of the folios that were read last (ra->order).
    private int _order;

    // MMAP_LOTSAMISS: with so many more faults that miss than faults that hit, nothing is read around any more.
    private const int ManyMisses = 100;

    // Faults that missed, less those that found their page (ra->mmap_miss).
    private int _misses;

    // The page in which the last read ended; so far from all others at first that nothing follows it.
    private long _ended = -2;

    /// <summary>Whether a mapping was advised to be used in order (MADV_SEQUENTIAL): pages behind a fault are read, none before.</summary>
    public bool IsSequential { get; set; }

    /// <summary>A page is missing: it is the first of the pages to read (page_cache_sync_ra).</summary>
    /// <param name="page">The page.</param>
    /// <param name="requested">Pages that the caller wants from there on, this one among them.</param>
    /// <param name="maxWindow">The largest window, in pages (read_ahead_kb).</param>
    /// <param name="pages">Which pages are in memory.</param>
    public ReadaheadWindow Miss<TPages>(PageIndex page, long requested, int maxWindow, TPages pages)
        where TPages : IResidentPages, allows ref struct
    {
        if (page.Value == 0 || requested > maxWindow || page.Value - _ended is 0 or 1)
        {
            (_start, _size) = (page.Value, InitialSize(requested, maxWindow));
            _async = _size > requested ? _size - requested : _size;
            _order = 0;
            return Window;
        }

        // The pages before may be those that a stream has left behind.
        var run = new SlotCursor(page + -1).RunDown(maxWindow, pages);
        if (run <= requested)
        {
            return new ReadaheadWindow(new PageRange(page, requested), 0);
        }

        run = run == page.Value ? 2 * run : run;
        (_start, _size, _async) = (page.Value, Math.Min(run + requested, maxWindow), 1);
        _order = 0;
        return Window;
    }

    /// <summary>A load through a mapping misses a page: those around it are read as well (do_sync_mmap_readahead, mm/filemap.c).</summary>
    /// <param name="page">The page.</param>
    /// <param name="maxWindow">The largest window, in pages.</param>
    public ReadaheadWindow Around(PageIndex page, int maxWindow)
    {
        _misses = Math.Min(_misses + 1, ManyMisses * 10);
        if (_misses > ManyMisses)
        {
            return default;
        }

        (_start, _size, _async, _order) = (Math.Max(0, page.Value - (maxWindow / 2)), maxWindow, maxWindow / 4, 0);
        return Window;
    }

    /// <summary>A load through a mapping found its page in memory.</summary>
    public void Found() => _misses = Math.Max(0, _misses - 1);

    /// <summary>A folio that bears a mark is touched: a reader is on its way through a window (page_cache_async_ra).</summary>
    /// <param name="page">Its first page; its mark is gone.</param>
    /// <param name="requested">Pages that the caller wants from there on, this one among them.</param>
    /// <param name="maxWindow">The largest window, in pages.</param>
    /// <param name="pages">Which pages are in memory.</param>
    /// <param name="folioPages">How many pages the folio has.</param>
    /// <param name="largest">log2 of the pages of the largest folio; 0 where folios have one page.</param>
    public ReadaheadWindow Marked<TPages>(PageIndex page, long requested, int maxWindow, TPages pages, int folioPages = 1, int largest = 0)
        where TPages : IResidentPages, allows ref struct
    {
        if (page.Value == ((_start + _size - _async) & -(long)folioPages))
        {
            _start += _size;
        }
        else
        {
            // Somebody else's mark, or that of an earlier window: go on where the pages in memory end.
            var run = new SlotCursor(page + 1).RunUp(maxWindow, pages);
            if (run == maxWindow)
            {
                return default;
            }

            (_start, _size) = (page.Value + 1 + run, 1 + run + requested);
        }

        _size = NextSize(_size, maxWindow);
        if (largest > 0)
        {
            Enlarge(maxWindow, largest);
        }

        _async = _size;
        return Window;
    }

    /// <summary>A read ended, at that offset in bytes.</summary>
    public void Ended(long offset) => _ended = offset >> Page.Shift;

    private ReadaheadWindow Window => new(new PageRange(new PageIndex(_start), _size), _async, _order);

    // The next folios are four times as large, and the window ends where one of them ends.
    private void Enlarge(int maxWindow, int largest)
    {
        _order += 2;
        var end = (_start + _size) & -(1L << Math.Min(_order, System.Numerics.BitOperations.TrailingZeroCount(maxWindow)));
        _size = end > _start ? end - _start : _size;
        _order = Math.Min(Math.Min(_order, largest), System.Numerics.BitOperations.Log2((ulong)_size));
    }

    private static long InitialSize(long requested, int maxWindow)
    {
        var size = requested > maxWindow ? maxWindow : (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)requested);
        return size <= maxWindow / 32 ? size * 4 : size <= maxWindow / 4 ? size * 2 : maxWindow;
    }

    private static long NextSize(long size, int maxWindow) => size < maxWindow / 16 ? size * 4 : size <= maxWindow / 2 ? size * 2 : maxWindow;
}
