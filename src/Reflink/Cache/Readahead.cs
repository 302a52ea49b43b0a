using Reflink.Units;

namespace Reflink.Cache;

/// <summary>
/// Which pages to read before they are asked for: the on-demand readahead of one open file (struct file_ra_state and
/// mm/readahead.c of Linux 6.18, for a folio of one page). It knows pages by number only, so a simulation without bytes can run it.
/// <code>
///        start                     mark                      start + size
///          │◄──────── read ──────────│◄────────── async ──────────►│
///   ───────┴─────────────────────────┴─────────────────────────────┴───▶ pages
///   a miss reads a window; whoever touches its mark has the next one, twice as large, read behind it
/// </code>
/// Left out: larger folios (ra->order), the device's own limit on a read (io_pages), FADV_RANDOM and FADV_SEQUENTIAL, congestion, and
/// the read-around of mapped files.
/// </summary>
internal sealed class Readahead
{
    private long _start;
    private long _size;
    private long _async;

    // The page in which the last read ended; so far from all others at first that nothing follows it.
    private long _ended = -2;

    /// <summary>A page is missing: it is the first of the pages to read (page_cache_sync_ra).</summary>
    /// <param name="page">The page.</param>
    /// <param name="requested">Pages that the caller wants from there on, this one among them.</param>
    /// <param name="most">The largest window, in pages (read_ahead_kb).</param>
    /// <param name="pages">Which pages are in memory.</param>
    public ReadaheadWindow Miss<TPages>(PageIndex page, long requested, int most, TPages pages)
        where TPages : IResidentPages, allows ref struct
    {
        if (page.Value == 0 || requested > most || page.Value - _ended is 0 or 1)
        {
            (_start, _size) = (page.Value, InitialSize(requested, most));
            _async = _size > requested ? _size - requested : _size;
            return Window;
        }

        // The pages before may be those that a stream has left behind.
        var run = RunBefore(page, most, pages);
        if (run <= requested)
        {
            return new ReadaheadWindow(new PageRange(page, requested), 0);
        }

        run = run == page.Value ? 2 * run : run;
        (_start, _size, _async) = (page.Value, Math.Min(run + requested, most), 1);
        return Window;
    }

    /// <summary>A page that bears a mark is touched: a reader is on its way through a window (page_cache_async_ra).</summary>
    /// <param name="page">The page; its mark is gone.</param>
    /// <param name="requested">Pages that the caller wants from there on, this one among them.</param>
    /// <param name="most">The largest window, in pages.</param>
    /// <param name="pages">Which pages are in memory.</param>
    public ReadaheadWindow Marked<TPages>(PageIndex page, long requested, int most, TPages pages)
        where TPages : IResidentPages, allows ref struct
    {
        if (page.Value == _start + _size - _async)
        {
            _start += _size;
        }
        else
        {
            // Somebody else's mark, or that of an earlier window: go on where the pages in memory end.
            var run = RunFrom(page + 1, most, pages);
            if (run == most)
            {
                return default;
            }

            (_start, _size) = (page.Value + 1 + run, 1 + run + requested);
        }

        _size = NextSize(_size, most);
        _async = _size;
        return Window;
    }

    /// <summary>A read ended, at that offset in bytes.</summary>
    public void Ended(long offset) => _ended = offset >> Page.Shift;

    private ReadaheadWindow Window => new(new PageRange(new PageIndex(_start), _size), _async);

    private static long InitialSize(long requested, int most)
    {
        var size = requested > most ? most : (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)requested);
        return size <= most / 32 ? size * 4 : size <= most / 4 ? size * 2 : most;
    }

    private static long NextSize(long size, int most) => size < most / 16 ? size * 4 : size <= most / 2 ? size * 2 : most;

    private static long RunBefore<TPages>(PageIndex page, int most, TPages pages)
        where TPages : IResidentPages, allows ref struct
    {
        var run = 0L;
        while (run < most && run < page.Value && pages.Contains(page + (-run - 1)))
        {
            run++;
        }

        return run;
    }

    private static long RunFrom<TPages>(PageIndex page, int most, TPages pages)
        where TPages : IResidentPages, allows ref struct
    {
        var run = 0L;
        while (run < most && pages.Contains(page + run))
        {
            run++;
        }

        return run;
    }
}
