namespace Reflink.Cache.Backings;

/// <summary>
/// Anonymous blocks. A page that comes back keeps its place in swap while it is not written, so it can leave again without a write
/// (the kernel's swap cache), unless swap is more than half full (mem_cgroup_swap_full, mm/memcontrol.c). A page whose bytes were given up when it left memory reads as zeroes.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="capacity">How many pages may be in swap at once.</param>
internal sealed class SwapBacking(BlockStore store, long capacity) : IBacking
{
    /// <summary>The largest page-cluster (page_cluster_max, mm/swap.c).</summary>
    public const int MostPageCluster = 31;

    private int _pageCluster;

    // Blocks whose bytes were given up and lost, until they are written again or nobody owns them. None of them is in swap.
    private readonly HashSet<BlockNumber> _lost = [];

    /// <summary>How many pages are in swap, whether they are in memory besides or not.</summary>
    public long Used { get; private set; }

    /// <summary>How many pages may be in swap at once.</summary>
    public long Capacity { get; } = capacity;

    /// <summary>Pages read from swap so far (pswpin).</summary>
    public long PagesIn { get; private set; }

    /// <summary>log2 of how many pages a fault reads from swap at the most (vm.page-cluster), 0 to <see cref="MostPageCluster"/>; 0: the page alone.</summary>
    /// <exception cref="ReflinkException">EINVAL: another number.</exception>
    public int PageCluster
    {
        get => _pageCluster;
        set
        {
            _pageCluster = RequirePageCluster(value);
            ReadsAhead |= value > 0;
        }
    }

    /// <summary>Whether pages were read ahead at any time, so that some of those in memory may be marked.</summary>
    public bool ReadsAhead { get; private set; }

    /// <summary>Pages read ahead so far (swap_ra).</summary>
    public long PagesAhead { get; private set; }

    /// <summary>Pages that were read ahead and used since (swap_ra_hit).</summary>
    public long HitsAhead { get; private set; }

    /// <summary>Pages written to swap so far (pswpout).</summary>
    public long PagesOut { get; private set; }

    /// <inheritdoc/>
    public BlockKind Kind => BlockKind.Anonymous;

    /// <inheritdoc/>
    public BackingTraits Traits => BackingTraits.Writable | BackingTraits.CopyGoesWhenWritten | (Capacity == 0 ? BackingTraits.StaysInMemory : BackingTraits.None);

    /// <inheritdoc/>
    public bool HasRoom => Used < Capacity;

    /// <inheritdoc/>
    public bool KeepsCopies => Used * 2 <= Capacity;

    /// <inheritdoc/>
    public CacheResult Fill(BlockNumber block, Span<byte> bytes, in PageLabel label)
    {
        if (_lost.Contains(block))
        {
            bytes.Clear();
            return CacheResult.Made;
        }

        store.Read(block, bytes, label);
        PagesIn++;
        return CacheResult.Read;
    }

    /// <inheritdoc/>
    public void Save(BlockNumber block, ReadOnlySpan<byte> bytes)
    {
        Invariant.Check(HasRoom);
        store.Write(block, bytes);
        Used++;
        PagesOut++;
    }

    /// <summary>Whether a block's bytes are in swap.</summary>
    public bool Contains(BlockNumber block) => store.Contains(block);

    /// <summary>Pages were read before anybody asked for them.</summary>
    public void NoteAhead(int pages)
    {
        PagesIn += pages;
        PagesAhead += pages;
    }

    /// <summary>A page that was read ahead is used for the first time.</summary>
    public void NoteHit() => HitsAhead++;

    /// <summary>A value of page-cluster, if it is one.</summary>
    /// <exception cref="ReflinkException">EINVAL.</exception>
    public static int RequirePageCluster(long value) => value is >= 0 and <= MostPageCluster
        ? (int)value
        : throw new ReflinkException(Errno.EINVAL, $"a page-cluster of {value}; it is 0 (a fault reads its page alone) to {MostPageCluster}, of which 5 (32 pages) and more are the same");

    /// <summary>A page whose bytes were given up leaves memory: they are lost.</summary>
    /// <returns>False: they were lost before, and it has read as zeroes since.</returns>
    public bool Lose(BlockNumber block)
    {
        Invariant.Check(!store.Contains(block));
        return _lost.Add(block);
    }

    /// <summary>Whether a block's bytes were lost, so that it reads as zeroes.</summary>
    public bool IsLost(BlockNumber block) => _lost.Contains(block);

    /// <inheritdoc/>
    public void Forget(BlockNumber block)
    {
        _ = _lost.Remove(block);
        if (store.Contains(block))
        {
            Invariant.Check(Used > 0);
            Used--;
            store.Delete(block);
        }
    }
}
