using Reflink.Cache.Backings;
using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache;

/// <summary>Which frames are dirty: a flag in each, a count, and for those that a sync saves a bit, so that they are found without looking at all frames.</summary>
internal sealed class DirtyFrames(FrameTable frames, IBacking[] backings)
{
    private readonly FrameBits _synced = new();

    /// <summary>Remembers since when each file is dirty; null: nobody wants to know.</summary>
    public Flusher? Flusher { get; set; }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them hold pages of files, which a sync saves (nr_dirty).</summary>
    public int Synced { get; private set; }

    /// <summary>A clean frame becomes dirty.</summary>
    public void Add(FrameNumber number)
    {
        frames[number].Flags |= FrameFlags.Dirty;
        Count++;
        if (IsSynced(number))
        {
            Synced++;
            Flusher?.Dirtied(frames.Label(number).Inode);
            _synced.Reach(number);
            _synced.Set(number);
        }
    }

    /// <summary>A dirty frame is no longer dirty.</summary>
    public void Remove(FrameNumber number)
    {
        frames[number].Flags &= ~FrameFlags.Dirty;
        Count--;
        if (IsSynced(number))
        {
            Synced--;
            Flusher?.Cleaned(frames.Label(number).Inode);
            _ = _synced.Take(number);
        }
    }

    /// <summary>Finds the next dirty frame that a sync saves.</summary>
    /// <param name="frame">Where to look first; where it was found.</param>
    /// <returns>False: there is none from there on.</returns>
    public bool TryFindSynced(ref FrameNumber frame) => _synced.TryFind(ref frame);

    private bool IsSynced(FrameNumber number) => (backings[(int)frames[number].Block.Kind].Traits & BackingTraits.Synced) != 0;
}
