using Reflink.Cache.Backings;
using Reflink.Store;

namespace Reflink.Cache;

/// <summary>
/// Pages that are read ahead. All frames of a batch are taken first and stand in no policy's lists until they are filled, so no
/// page of a batch makes room for another of it; then all are read in one call.
/// </summary>
internal sealed class ReadBatch(PageCache cache, BlockStore store)
{
    private readonly PageRead[] _reads = new PageRead[64];
    private readonly FrameNumber[] _frames = new FrameNumber[64];
    private int _count;

    /// <summary>Gives a stored block a frame, if it has none, which <see cref="Read"/> fills at the latest.</summary>
    /// <param name="block">The block.</param>
    /// <param name="use">The page that will read it.</param>
    /// <param name="flags">The frame's first flags: whether the page is marked, so that its first use has the next ones read.</param>
    /// <returns>False: no memory can be had, and what is read ahead is not worth an error.</returns>
    public unsafe bool TryAdd(BlockNumber block, in PageUse use, FrameFlags flags)
    {
        if (cache.TryPeek(block, use.Label, out _))
        {
            return true;
        }

        if (_count == _reads.Length)
        {
            _ = Read();
        }

        if (!cache.Allocator.TryTake(use.Node, out var number))
        {
            return false;
        }

        cache.Contents.Attach(number, block, use);
        cache.Frames[number].Flags = flags;
        fixed (byte* bytes = cache.Frames.Bytes(number))
        {
            _reads[_count] = new PageRead(block, bytes);
        }

        _frames[_count++] = number;
        return true;
    }

    /// <summary>Reads what was added. A page that is missing or damaged gives its frame back: the read that asks for it finds out.</summary>
    /// <returns>How many pages were read, of those added since the batch was full last.</returns>
    public int Read()
    {
        if (_count == 0)
        {
            return 0;
        }

        var reads = _reads.AsSpan(0, _count);
        store.Read(reads);
        var good = 0;
        for (var n = 0; n < reads.Length; n++)
        {
            if (reads[n].IsGood)
            {
                cache.Contents.Publish(_frames[n], AccessKind.None);
                good++;
            }
            else
            {
                cache.Contents.Discard(_frames[n]);
            }
        }

        _count = 0;
        return good;
    }
}
