
namespace Reflink.Ksm.Scanning;

/// <summary>What a request to merge a range did.</summary>
/// <param name="Bytes">Bytes of the range that were gone over: private pages, pages of files and pages not in memory alike.</param>
/// <param name="Merged">Pages of the range that are mapped to a merged page or the zero page now and were not before.</param>
/// <param name="Waiting">Pages that found no equal: protected, or waiting for one, as was asked.</param>
/// <param name="Pinned">Pages that could not be merged, since somebody may write to them past the page table: ask again later (EAGAIN).</param>
public readonly record struct MergeResult(long Bytes, long Merged, long Waiting, long Pinned);
