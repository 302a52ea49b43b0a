namespace Reflink.Studies.Live;

/// <summary>What a worker is told to do; the arguments follow.</summary>
internal enum LiveCall : byte
{
    /// <summary>mmap a file privately: path, offset, length, 1 for writable instead of executable, address or 0. Answers the address.</summary>
    Map,

    /// <summary>mprotect: address, length, 1 for writable instead of executable.</summary>
    Protect,

    /// <summary>Stores: how many, then address, length and bytes of each.</summary>
    Store,

    /// <summary>Loads a byte of each page: address, length.</summary>
    Touch,

    /// <summary>madvise(MADV_MERGEABLE): address, length.</summary>
    Merge,

    /// <summary>Answers a hash of memory: address, length.</summary>
    Digest,

    /// <summary>Answers the nanoseconds of processor time, then the page faults, that the calls before took, and counts anew: two answers.</summary>
    Spent,

    /// <summary>A file, and what is to be written to it when the worker ends.</summary>
    Restore,

    /// <summary>A folder to delete when the worker ends.</summary>
    Delete,
}
