namespace Reflink.Store;

/// <summary>
/// The disk of a machine: pages of <see cref="Page.Size"/> bytes under the numbers of stored and anonymous blocks. It does
/// not know who owns a block. A store serves one thread.
/// </summary>
/// <remarks>Block 0 and derived blocks have no storage: to read or write one is a defect (<see cref="InvariantException"/>).</remarks>
internal interface IPageStore : IDisposable
{
    /// <summary>How many pages the store holds.</summary>
    long PageCount { get; }

    /// <summary>How many pages were read, one at a time or many.</summary>
    long Reads { get; }

    /// <summary>How many calls of <see cref="Write"/> succeeded.</summary>
    long Writes { get; }

    /// <summary>Keeps a page, in place of what the block held before.</summary>
    /// <param name="block">A stored or anonymous block.</param>
    /// <param name="page">Its bytes, exactly <see cref="Page.Size"/>.</param>
    /// <exception cref="ReflinkException"><see cref="Errno.ENOSPC"/>: the store is full. Nothing has changed.</exception>
    void Write(BlockNumber block, ReadOnlySpan<byte> page);

    /// <summary>Fills <paramref name="page"/> with what was last written to the block.</summary>
    /// <param name="block">A stored or anonymous block.</param>
    /// <param name="page">Where the bytes go, exactly <see cref="Page.Size"/> long.</param>
    /// <exception cref="ReflinkException">
    /// <see cref="Errno.EIO"/>: the block was never written, was deleted, or its bytes do not match their checksum. Wrong
    /// bytes are never handed out: <paramref name="page"/> is untouched or zeroes.
    /// </exception>
    void Read(BlockNumber block, Span<byte> page);

    /// <summary>
    /// Reads many pages at once, which is quicker where they are on a device. Each is read or not by itself: the ones that
    /// <see cref="Read(BlockNumber, Span{byte})"/> would refuse are told by <see cref="PageRead.IsGood"/>, and the others are read.
    /// </summary>
    /// <returns>How many pages were read.</returns>
    unsafe int Read(Span<PageRead> reads)
    {
        var good = 0;
        foreach (ref var read in reads)
        {
            try
            {
                Read(read.Block, new Span<byte>(read.Bytes, Page.Size));
                read.IsGood = true;
                good++;
            }
            catch (ReflinkException e) when (e.Error == Errno.EIO)
            {
                read.IsGood = false;
            }
        }

        return good;
    }

    /// <summary>Whether the store holds a page for the block; of a kind without storage it never does.</summary>
    bool Contains(BlockNumber block);

    /// <summary>Forgets the block's page and lets another page have its place; nothing happens if there is none.</summary>
    void Delete(BlockNumber block);
}
