namespace Reflink;

/// <summary>Advice about a range of memory, by the numbers of madvise(2).</summary>
public enum Advice
{
    /// <summary>Nothing special is expected (MADV_NORMAL).</summary>
    Normal = 0,

    /// <summary>Pages are used in no order: reclaim ignores that they were used through the mapping (MADV_RANDOM).</summary>
    Random = 1,

    /// <summary>Pages are used once, one after the other: reclaim ignores it as well (MADV_SEQUENTIAL).</summary>
    Sequential = 2,

    /// <summary>The pages will be used soon: those of files are read, those in swap come back (MADV_WILLNEED).</summary>
    WillNeed = 3,

    /// <summary>The pages are not needed: private copies are dropped, the next access sees the file or zeroes (MADV_DONTNEED).</summary>
    DontNeed = 4,

    /// <summary>
    /// The bytes of private anonymous pages are not needed (MADV_FREE). They stay until memory is short, and are lost then: the pages read as zeroes. A page that is written before keeps its
    /// bytes. Pages that are in swap read as zeroes at once; pages that are shared with a forked child, merged or locked are left alone.
    /// </summary>
    Free = 8,

    /// <summary>
    /// The pages will not be used for some time: policies with an active list make them inactive (MADV_COLD). Pages that others map, too, are left alone.
    /// </summary>
    Cold = 20,

    /// <summary>
    /// The pages are to leave memory now, anonymous ones to swap (MADV_PAGEOUT). Dirty pages of files and pages that others map, too, are left alone.
    /// </summary>
    PageOut = 21,

    /// <summary>Equal pages of the range may be merged (MADV_MERGEABLE).</summary>
    Mergeable = 12,

    /// <summary>They may not any more: what is merged is copied now (MADV_UNMERGEABLE).</summary>
    Unmergeable = 13,

    /// <summary>Merge what is equal now, without a scanner: the proposal of synchronous KSM (MADV_MERGE). Linux 6.18 knows no such advice.</summary>
    Merge = 26,
}
