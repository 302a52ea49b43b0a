using Reflink.Cache;
using Reflink.Cache.Backings;
using Reflink.Inodes;

namespace Reflink.Files.Pages;

/// <summary>
/// What has to be done with the frames of an inode's pages, depending on what the cache finds them by (<see cref="CacheKeying"/>).
/// A machine has one.
/// </summary>
internal interface IKeying
{
    /// <summary>Prepares pages to be shared with another inode, or to move within their own.</summary>
    /// <exception cref="ReflinkException">ENOSPC: the store has no room for what must be written to it. Nothing has changed.</exception>
    void BeforeShared(Inode inode, PageRange range);

    /// <summary>A change is about to be applied: the pages that it takes out of their inode are still in the map.</summary>
    void BeforeApplied(in Change change);

    /// <summary>The content of a file is about to change.</summary>
    void BeforeWritten(Inode inode)
    {
    }

    /// <summary>A file's content is known by a key, which files of equal content have, too: they may have their pages in common.</summary>
    /// <exception cref="ReflinkException">ENOSPC, EIO: dirty pages could not be written back. Nothing has changed.</exception>
    void Join(Inode inode, string key)
    {
    }

    /// <summary>Lets a written page keep its frame at its new block, so that nothing needs to be copied.</summary>
    /// <param name="old">The block that the page has.</param>
    /// <param name="block">The block that it is to have.</param>
    /// <param name="use">The page, and how it is used.</param>
    /// <param name="content">Whether the page's bytes are wanted.</param>
    /// <param name="frame">The frame, which holds the new block now.</param>
    /// <param name="result">What it took to have the page's bytes.</param>
    /// <returns>False: the page needs a frame of its own.</returns>
    bool TryMove(BlockNumber old, BlockNumber block, in PageUse use, PageContent content, out FrameNumber frame, out CacheResult result);
}
