namespace Reflink.Cache.Backings;

/// <summary>
/// Anonymous blocks: a page is in the store only while it is not in memory, and costs a page of swap for as long. One that comes
/// back leaves swap, so its frame is dirty.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="capacity">How many pages may be in swap at once.</param>
internal sealed class SwapBacking(BlockStore store, long capacity) : IBacking
{
    /// <summary>How many pages are in swap.</summary>
    public long Used { get; private set; }

    /// <summary>How many pages may be in swap at once.</summary>
    public long Capacity { get; } = capacity;

    /// <inheritdoc/>
    public BlockKind Kind => BlockKind.Anonymous;

    /// <inheritdoc/>
    public BackingTraits Traits => BackingTraits.Writable | BackingTraits.DirtyWhenFilled;

    /// <inheritdoc/>
    public bool HasRoom => Used < Capacity;

    /// <inheritdoc/>
    public CacheResult Fill(BlockNumber block, Span<byte> bytes, in PageLabel label)
    {
        store.Read(block, bytes, label);
        Leave(block);
        return CacheResult.Read;
    }

    /// <inheritdoc/>
    public void Save(BlockNumber block, ReadOnlySpan<byte> bytes)
    {
        Invariant.Check(HasRoom);
        store.Write(block, bytes);
        Used++;
    }

    /// <inheritdoc/>
    public void Forget(BlockNumber block)
    {
        if (store.Contains(block))
        {
            Leave(block);
        }
    }

    private void Leave(BlockNumber block)
    {
        Invariant.Check(Used > 0);
        Used--;
        store.Delete(block);
    }
}
