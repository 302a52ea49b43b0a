namespace Reflink.Cache;

/// <summary>
/// A walk through the slots of an inode's page tree (struct xa_state, lib/xarray.c), with what is peculiar to it. A walk that begins inside a large
/// folio stands on the slot where the folio begins, and so lags behind the page that it is said to be at, until it enters
/// another node of 64 slots; and only the first slot of a shadow entry shows that it is one.
/// <code>
///   page    8  9 10 11 12 13      a walk up from page 10 reads slot 8 for it (its folio begins there),
///   slot    P  s  s  s  P  .      then 9 for 11, 10 for 12, 11 for 13: there seems to be no hole at 13
/// </code>
/// </summary>
internal struct SlotCursor(PageIndex start)
{
    private const int Mask = 63;

    private long _page = start.Value;
    private long _slot = start.Value;

    /// <summary>How many pages from the start upwards are in memory, as the walk sees it (page_cache_next_miss).</summary>
    public long RunUp<TPages>(int max, TPages pages)
        where TPages : IResidentPages, allows ref struct
    {
        if (!Load(pages))
        {
            return 0;
        }

        var run = 1L;
        while (run < max)
        {
            _page++;
            _slot = (_slot & Mask) == Mask ? _page : _slot + 1;
            if (!IsTaken(pages))
            {
                break;
            }

            run++;
        }

        return run;
    }

    /// <summary>How many pages from the start downwards are in memory, as the walk sees it (page_cache_prev_miss).</summary>
    public long RunDown<TPages>(int max, TPages pages)
        where TPages : IResidentPages, allows ref struct
    {
        if (start.Value < 0 || !Load(pages))
        {
            return 0;
        }

        var run = 1L;
        while (run < max && _page > 0)
        {
            _page--;
            StepDown();
            if (_slot < 0 || !IsTaken(pages))
            {
                break;
            }

            run++;
        }

        return run;
    }

    // Below the first slot of a node the walk goes to the node before, at the offset that the page has in its own.
    private void StepDown() => _slot = (_slot & Mask) != 0 ? _slot - 1
        : (_page & Mask) == 0 ? _slot
        : (_slot - 64) | (_page & Mask);

    private bool Load<TPages>(TPages pages)
        where TPages : IResidentPages, allows ref struct
    {
        while (pages.Slot(new PageIndex(_slot)) == PageSlot.Sibling)
        {
            _slot--;
        }

        return IsTaken(pages);
    }

    private readonly bool IsTaken<TPages>(TPages pages)
        where TPages : IResidentPages, allows ref struct => pages.Slot(new PageIndex(_slot)) is PageSlot.Page or PageSlot.Sibling;
}
