namespace Reflink.Cache;

/// <summary>How many objects of a shrinker a reclaim looks at, in proportion to how hard memory is to find (do_shrink_slab, mm/shrinker.c).</summary>
/// <param name="seeks">How dear an object is to make again; 2 as a rule, 0 for one that costs nothing.</param>
internal sealed class ShrinkerScan(int seeks)
{
    /// <summary>What most shrinkers have (DEFAULT_SEEKS).</summary>
    public const int DefaultSeeks = 2;

    private const int Batch = 128;

    // What was due and not got to (shrinker_info.nr_deferred).
    private long _deferred;

    /// <summary>How many objects were looked at so far (slabs_scanned).</summary>
    public long Scanned { get; private set; }

    /// <summary>Has a shrinker look at what is due.</summary>
    /// <param name="freeable">How many objects it could give back.</param>
    /// <param name="priority">12 for the least pressure to 0 for the most: a 4096th of the objects and so on, up to all.</param>
    /// <param name="scan">Looks at some objects; returns how many it gave back.</param>
    /// <returns>How many were given back.</returns>
    public long Run(long freeable, int priority, Func<long, long> scan)
    {
        if (freeable <= 0)
        {
            return 0;
        }

        var delta = seeks == 0 ? freeable / 2 : (freeable >> priority) * 4 / seeks;
        var left = Math.Min((_deferred >> priority) + delta, 2 * freeable);
        var (scanned, freed) = (0L, 0L);
        while (left >= Batch || left >= freeable)
        {
            var batch = Math.Min(Batch, left);
            freed += scan(batch);
            left -= batch;
            scanned += batch;
            if (left <= 0)
            {
                break;
            }
        }

        Scanned += scanned;
        _deferred = Math.Clamp(_deferred + delta - scanned, 0, 2 * freeable);
        return freed;
    }
}
