namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// What reclaiming each kind of page cost lately (lru_note_cost, mm/swap.c): the kind that cost more is looked at less
/// (calculate_pressure_balance, mm/vmscan.c).
/// </summary>
internal sealed class ReclaimCosts
{
    /// <summary>The largest swappiness (MAX_SWAPPINESS).</summary>
    public const int MaxSwappiness = 200;

    /// <summary>A swappiness, if it is one.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is not 0 to 200.</exception>
    public static int RequireSwappiness(int value) => value is >= 0 and <= MaxSwappiness
        ? value
        : throw new ReflinkException(Errno.EINVAL, $"a swappiness of {value}; it is 0 (anonymous pages stay) to {MaxSwappiness}");

    // SWAP_CLUSTER_MAX: one page written or read again counts as many that were looked at in vain.
    private const int Cluster = 32;
    private long _anonymous;
    private long _file;

    /// <summary>Notes what a scan, or a page that came back, cost; older costs fade.</summary>
    /// <param name="kind">Of which pages.</param>
    /// <param name="transfers">Pages that were written or read for it.</param>
    /// <param name="rotations">Pages that were looked at and stayed.</param>
    /// <param name="listed">Pages on all lists, as the counters have it.</param>
    public void Note(FolioKind kind, long transfers, long rotations, long listed)
    {
        var cost = (transfers * Cluster) + rotations;
        if (cost == 0)
        {
            return;
        }

        if (kind == FolioKind.File)
        {
            _file += cost;
        }
        else
        {
            _anonymous += cost;
        }

        if (_file + _anonymous > listed / 4)
        {
            _file /= 2;
            _anonymous /= 2;
        }
    }

    /// <summary>What part of their lists is looked at: each kind gets a third of the pressure at the least, before swappiness.</summary>
    /// <param name="swappiness">0 to 200: at 100, reading a page from swap is taken to cost as much as reading one from a file.</param>
    /// <returns>The two parts of their sum.</returns>
    public (long Anonymous, long File) Shares(int swappiness)
    {
        var total = _anonymous + _file;
        var (anonymous, file) = (total + _anonymous, total + _file);
        total = anonymous + file;
        return (swappiness * (total + 1) / (anonymous + 1), (MaxSwappiness - swappiness) * (total + 1) / (file + 1));
    }
}
