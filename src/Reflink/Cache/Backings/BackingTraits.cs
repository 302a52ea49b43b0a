namespace Reflink.Cache.Backings;

/// <summary>What distinguishes the frames of one kind of block, as far as the cache needs to know without asking.</summary>
[Flags]
internal enum BackingTraits
{
    /// <summary>Frames are never dirty: their bytes can be made again.</summary>
    None = 0,

    /// <summary>Frames may be written, and are dirty until they are saved.</summary>
    Writable = 1,

    /// <summary>A sync saves dirty frames. Others are saved only to make room.</summary>
    Synced = 2,

    /// <summary>A backing's copy costs room: it goes when the frame is written, or at once if there is little room left.</summary>
    CopyGoesWhenWritten = 4,

    /// <summary>Blocks hold pages of files, whose frames may be found by inode and page (<see cref="CacheKeying"/>).</summary>
    PagesOfFiles = 16,

    /// <summary>Blocks may be read before anybody asks for them.</summary>
    ReadAhead = 8,

    /// <summary>There is no place for copies, so no policy has the frames, except those whose bytes may be lost (<see cref="FrameFlags.LazyFree"/>).</summary>
    StaysInMemory = 32,
}
