using Reflink.Cache;
using Reflink.Cache.Backings;
using Reflink.Inodes;

namespace Reflink.Files.Pages;

/// <summary>Frames are found by block (<see cref="CacheKeying.Block"/>): all owners of a block have one frame, and inodes need not care.</summary>
internal sealed class ByBlock : IKeying
{
    /// <inheritdoc/>
    public void BeforeShared(Inode inode, PageRange range)
    {
        // Owners of a block share its frame, whether it is dirty or not.
    }

    /// <inheritdoc/>
    public void BeforeApplied(in Change change)
    {
        // A block's frame goes with its last owner.
    }

    /// <inheritdoc/>
    public bool TryMove(BlockNumber old, BlockNumber block, in PageUse use, PageContent content, out FrameNumber frame, out CacheResult result)
    {
        (frame, result) = (default, CacheResult.Hit);
        return false;
    }
}
