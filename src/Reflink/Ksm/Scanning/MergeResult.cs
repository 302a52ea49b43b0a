namespace Reflink.Ksm.Scanning;

/// <summary>What a request to merge a range did.</summary>
/// <param name="Bytes">Bytes of the range that were visited, pages of files and pages not in memory included.</param>
/// <param name="Merged">Pages of the range that are now mapped to a merged page or the zero page and were not before.</param>
/// <param name="Waiting">Pages without an equal: they are protected, or wait for one, as the flags say.</param>
/// <param name="Pinned">Pages that could not be merged because they are pinned: ask again later (EAGAIN).</param>
public readonly record struct MergeResult(long Bytes, long Merged, long Waiting, long Pinned);
