namespace Reflink.Cache.Policies;

/// <summary>Pages of one inode, side by side, that come into memory and leave it together.</summary>
/// <param name="First">The frame of the first page; it names the folio.</param>
/// <param name="Pages">How many pages, 1 at the least.</param>
/// <param name="Kind">Whether they are a file's.</param>
public readonly record struct Folio(FrameNumber First, int Pages = 1, FolioKind Kind = FolioKind.File);
