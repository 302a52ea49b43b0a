namespace Reflink.Cache.Backings;

/// <summary>What it took to get the frame of a page.</summary>
internal enum CacheResult
{
    /// <summary>The page is a hole: it has no block, and reads as zeroes.</summary>
    Hole,

    /// <summary>The page was in memory.</summary>
    Hit,

    /// <summary>The frame was filled from what was in memory: a recipe and the pages that it copies from; or with zeroes, because its bytes had been given up.</summary>
    Made,

    /// <summary>The store was read: what a kernel calls a major fault.</summary>
    Read,
}
