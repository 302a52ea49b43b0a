namespace Reflink.Cache.Backings;

/// <summary>
/// Anonymous blocks. A page that comes back keeps its place in swap while it is not written, so it can leave again without a write
/// (the kernel's swap cache), unless swap is more than half full (mem_cgroup_swap_full, mm/memcontrol.c). A page whose bytes were given up when it left memory reads as zeroes.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="capacity">How many pages may be in swap at once.</param>
internal sealed class SwapBacking(BlockStore store, long capacity) : IBacking
{
    // Blocks whose bytes were given up and lost, until they are written again or nobody owns them. None of them is in swap.
    private readonly HashSet<BlockNumber> _lost = [];

    /// <summary>How many pages are in swap, whether they are in memory besides or not.</summary>
    public long Used { get; private set; }

    /// <summary>How many pages may be in swap at once.</summary>
    public long Capacity { get; } = capacity;

    /// <summary>Pages read from swap so far (pswpin).</summary>
    public long PagesIn { get; private set; }

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
