namespace Reflink.Files;

/// <summary>One extent of a file, as FIEMAP shows it: all of its pages are alike.</summary>
/// <param name="Start">The first page of the file in it.</param>
/// <param name="Length">How many pages.</param>
/// <param name="Block">The first block; the others follow.</param>
/// <param name="Flags">What is true of all of it.</param>
public readonly record struct FileExtent(PageIndex Start, long Length, BlockNumber Block, ExtentFlags Flags)
{
    /// <summary>Whether the blocks have other owners, so that writing would copy.</summary>
    public bool IsShared => (Flags & ExtentFlags.Shared) != 0;
}
