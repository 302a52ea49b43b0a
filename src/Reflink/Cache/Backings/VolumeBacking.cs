namespace Reflink.Cache.Backings;

/// <summary>Stored blocks: the store has a page for each that was ever written back.</summary>
internal sealed class VolumeBacking(BlockStore store) : IBacking
{
    /// <inheritdoc/>
    public BlockKind Kind => BlockKind.Stored;

    /// <inheritdoc/>
    public BackingTraits Traits => BackingTraits.Writable | BackingTraits.Synced | BackingTraits.ReadAhead | BackingTraits.PagesOfFiles;

    /// <inheritdoc/>
    public bool HasRoom => true;

    /// <inheritdoc/>
    public CacheResult Fill(BlockNumber block, Span<byte> bytes, in PageLabel label)
    {
        store.Read(block, bytes, label);
        return CacheResult.Read;
    }

    /// <inheritdoc/>
    public void Save(BlockNumber block, ReadOnlySpan<byte> bytes) => store.Write(block, bytes);

    /// <inheritdoc/>
    public void Forget(BlockNumber block) => store.Delete(block);
}
