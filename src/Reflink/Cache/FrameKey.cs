namespace Reflink.Cache;

/// <summary>By what the frames of files are found. Anonymous blocks are found by block always.</summary>
internal enum FrameKey
{
    /// <summary>By block: one frame for all of its owners.</summary>
    Block,

    /// <summary>By inode and page: a frame for each page that reads the block.</summary>
    Page,
}
