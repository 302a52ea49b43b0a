namespace Reflink;

/// <summary>Advice about a range of memory, by the numbers of madvise(2).</summary>
public enum Advice
{
    /// <summary>The pages are not needed: private copies are dropped, the next access sees the file or zeroes (MADV_DONTNEED).</summary>
    DontNeed = 4,

    /// <summary>Equal pages of the range may be merged (MADV_MERGEABLE).</summary>
    Mergeable = 12,

    /// <summary>They may not any more: what is merged is copied now (MADV_UNMERGEABLE).</summary>
    Unmergeable = 13,

    /// <summary>Merge what is equal now, without a scanner: the proposal of synchronous KSM (MADV_MERGE). Linux 6.18 knows no such advice.</summary>
    Merge = 26,
}
