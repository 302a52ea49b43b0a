namespace Reflink.Cache.Backings;

/// <summary>
/// Where the bytes of one kind of block are while they are not in memory: in the volume's part of the store, in swap, or nowhere
/// but in a recipe. The cache has one for each kind, and knows of kinds no more than that (as of an address_space's operations
/// in include/linux/fs.h).
/// </summary>
internal interface IBacking
{
    /// <summary>The kind of block.</summary>
    BlockKind Kind { get; }

    /// <summary>What the cache knows of its frames without asking.</summary>
    BackingTraits Traits { get; }

    /// <summary>Whether <see cref="Save"/> has room for one more page.</summary>
    bool HasRoom { get; }

    /// <summary>Whether the copy of a page that was just filled stays, so that the frame is clean.</summary>
    bool KeepsCopies => true;

    /// <summary>Fills a frame with the bytes of a block.</summary>
    /// <param name="block">The block, which has no frame.</param>
    /// <param name="bytes">The frame's bytes, all of which are written.</param>
    /// <param name="label">The page that the block is wanted for, which errors name.</param>
    /// <returns><see cref="CacheResult.Read"/> if the store was read, or else <see cref="CacheResult.Made"/>.</returns>
    /// <exception cref="ReflinkException">EIO: the store's page is missing or damaged.</exception>
    CacheResult Fill(BlockNumber block, Span<byte> bytes, in PageLabel label);

    /// <summary>Keeps the bytes of a dirty frame.</summary>
    /// <exception cref="ReflinkException">ENOSPC or EIO: they could not be kept.</exception>
    void Save(BlockNumber block, ReadOnlySpan<byte> bytes);

    /// <summary>Forgets a block that nobody owns any more. Its frame, if it had one, is gone.</summary>
    void Forget(BlockNumber block);
}
