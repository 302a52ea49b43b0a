namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// The pages that a group has taken from its limit (try_charge_memcg, mm/memcontrol.c): 64 at a time while they fit, kept in stock by the
/// processor; one by one when they do not.
/// </summary>
internal sealed class MemoryCharge
{
    private const int Batch = 64;
    private int _stock;
    private bool _reclaimed;

    /// <summary>Pages taken and not yet used.</summary>
    public int Stock => _stock;

    /// <summary>Takes pages for a folio. Asked again after a reclaim, it takes no more than the folio needs.</summary>
    /// <param name="pages">What the folio needs.</param>
    /// <param name="used">Pages in use: folios, and what the kernel itself took.</param>
    /// <param name="limit">The limit of the group, in pages.</param>
    /// <returns>How many pages are short; 0: they are taken, and the folio is as good as in.</returns>
    public long Take(int pages, long used, long limit)
    {
        if (_stock >= pages)
        {
            _stock -= pages;
            _reclaimed = false;
            return 0;
        }

        var room = limit - used - _stock;
        var most = Math.Max(Batch, pages);
        var batch = !_reclaimed && room >= most ? most : pages;
        if (room < batch)
        {
            // What lies in stock is drained before a charge fails.
            _stock = _reclaimed ? 0 : _stock;
            _reclaimed = true;
            return Math.Max(1, batch - (limit - used - _stock));
        }

        _reclaimed = false;
        _stock += batch - pages;
        _stock = _stock > Batch ? 0 : _stock;
        return 0;
    }
}
