using Reflink.Store;
using Reflink.Units;

namespace Reflink.Cache;

/// <content>
/// Pages that are read before they are asked for. They get their frames first, which no policy knows until the bytes are there, so
/// that none of a batch makes room for another; then all are read in one call.
/// </content>
public sealed partial class PageCache
{
    private readonly PageRead[] _aheadReads = new PageRead[64];
    private readonly FrameNumber[] _aheadFrames = new FrameNumber[64];
    private int _ahead;

    /// <summary>Gives a stored block that has no frame one, to be filled by <see cref="ReadQueued"/> at the latest.</summary>
    /// <param name="block">The block.</param>
    /// <param name="label">The page that will read it.</param>
    /// <param name="group">Who is charged.</param>
    /// <param name="isMarked">Whether touching the page is to have the next ones read.</param>
    /// <returns>False: memory cannot be had, and nobody who reads ahead insists.</returns>
    internal unsafe bool TryQueue(BlockNumber block, in PageLabel label, GroupId group, bool isMarked)
    {
        Invariant.Check(block.Kind == BlockKind.Stored);
        if (_index.TryFind(block, label, out _))
        {
            return true;
        }

        if (_ahead == _aheadReads.Length)
        {
            ReadQueued();
        }

        FrameNumber number;
        try
        {
            number = Attach(block, label, group);
        }
        catch (ReflinkException)
        {
            return false;
        }

        Frames[number].Flags = isMarked ? FrameFlags.Readahead : FrameFlags.None;
        fixed (byte* bytes = Frames.Bytes(number))
        {
            _aheadReads[_ahead] = new PageRead(block, bytes);
        }

        _aheadFrames[_ahead++] = number;
        return true;
    }

    /// <summary>Reads what is queued. A page that is missing or damaged gives its frame back: whoever asks for it finds out.</summary>
    internal void ReadQueued()
    {
        if (_ahead == 0)
        {
            return;
        }

        var reads = _aheadReads.AsSpan(0, _ahead);
        _meter.Count(WorkKind.StoreRead, _ahead);
        _store.Read(reads);
        for (var n = 0; n < reads.Length; n++)
        {
            if (reads[n].IsGood)
            {
                Enlist(_aheadFrames[n], AccessKind.Readahead);
            }
            else
            {
                Forget(_aheadFrames[n]);
            }
        }

        _ahead = 0;
    }

    /// <summary>Takes the mark off a frame; false if there was none.</summary>
    internal bool TakeMark(FrameNumber number)
    {
        ref var frame = ref Frames[number];
        var isMarked = (frame.Flags & FrameFlags.Readahead) != 0;
        if (isMarked)
        {
            frame.Flags &= ~FrameFlags.Readahead;
        }

        return isMarked;
    }
}
