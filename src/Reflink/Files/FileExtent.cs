using Reflink.Units;

namespace Reflink.Files;

/// <summary>One extent of a file, as FIEMAP shows it.</summary>
/// <param name="Start">The first page of the file in it.</param>
/// <param name="Length">How many pages.</param>
/// <param name="Block">The first block; the others follow.</param>
/// <param name="IsShared">Whether the first block has another owner, so that writing would copy.</param>
public readonly record struct FileExtent(PageIndex Start, long Length, BlockNumber Block, bool IsShared);
