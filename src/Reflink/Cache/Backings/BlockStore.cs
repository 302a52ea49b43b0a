using Reflink.Store;
using Reflink.Store.Devices;

namespace Reflink.Cache.Backings;

/// <summary>The page store as the backings use it: reads and writes are metered and take the disk's time, and an error names the page that was wanted.</summary>
internal sealed class BlockStore(IPageStore store, Meter meter, Device device)
{
    /// <summary>What messages call an inode; only those above know names.</summary>
    public Func<InodeNumber, string> Naming { get; set; } = inode => $"inode {inode}";

    /// <summary>How many pages the store has, of live blocks or not, for fsck.</summary>
    public long PageCount => store.PageCount;

    /// <summary>Whether the store has a page of the block, be it the newest or not.</summary>
    public bool Contains(BlockNumber block) => store.Contains(block);

    /// <summary>Reads a block's bytes.</summary>
    /// <exception cref="ReflinkException">EIO naming the page.</exception>
    public void Read(BlockNumber block, Span<byte> bytes, in PageLabel label)
    {
        meter.Count(WorkKind.StoreRead);
        device.Read(1);
        try
        {
            store.Read(block, bytes);
        }
        catch (ReflinkException e) when (e.Error == Errno.EIO)
        {
            throw new ReflinkException(Errno.EIO, $"{Naming(label.Inode)}, page {label.Page}: {e.Reason}", e);
        }
    }

    /// <summary>Reads many pages in one call; each says itself whether it was read.</summary>
    public void Read(Span<PageRead> reads)
    {
        meter.Count(WorkKind.StoreRead, reads.Length);
        device.ReadAhead(reads.Length);
        _ = store.Read(reads);
    }

    /// <summary>Keeps a block's bytes.</summary>
    /// <exception cref="ReflinkException">ENOSPC or EIO: nothing has changed.</exception>
    public void Write(BlockNumber block, ReadOnlySpan<byte> bytes)
    {
        store.Write(block, bytes);
        meter.Count(WorkKind.StoreWrite);
        device.Write();
    }

    /// <summary>Forgets a block's page, if there is one.</summary>
    public void Delete(BlockNumber block) => store.Delete(block);
}
