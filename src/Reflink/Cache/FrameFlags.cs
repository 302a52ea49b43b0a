namespace Reflink.Cache;

/// <summary>The state bits of a frame.</summary>
[Flags]
internal enum FrameFlags
{
    /// <summary>Clean, or free.</summary>
    None = 0,

    /// <summary>The frame differs from what the store holds, or the store holds nothing.</summary>
    Dirty = 1,

    /// <summary>The frame stands in the replacement policy's lists.</summary>
    Listed = 2,

    /// <summary>The frame is on its way to the store: it may be written, and is dirty again then, but not evicted or freed.</summary>
    Writeback = 4,

    /// <summary>The page was read ahead, and its first use has the next window read, or counts as a hit if it was read from swap (PG_readahead).</summary>
    Readahead = 8,

    /// <summary>The frame is clean since its page is in swap, too, where it costs room (PG_swapcache).</summary>
    InSwap = 16,

    /// <summary>A locked mapping shows the page, so it stays in memory and is in no policy's lists (PG_mlocked, PG_unevictable).</summary>
    Locked = 32,

    /// <summary>The frame was chosen to leave, and does as soon as its bytes have arrived in the store.</summary>
    Leaving = 64,

    /// <summary>Reclaim wanted the frame while it was dirty: its policy looks at it next when its bytes have arrived in the store (PG_reclaim).</summary>
    Rotates = 128,

    /// <summary>
    /// The page is anonymous, clean and not in swap, since its bytes are not wanted: when it leaves, they are lost, and it reads as zeroes. A write makes it an ordinary
    /// page again (an anonymous folio without PG_swapbacked).
    /// </summary>
    LazyFree = 256,
}
