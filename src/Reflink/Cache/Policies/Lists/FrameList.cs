using System.Runtime.CompilerServices;

namespace Reflink.Cache.Policies.Lists;

/// <summary>A doubly linked list of frames, the oldest to the newest, without node objects.</summary>
internal sealed class FrameList
{
    private const int First = FrameLinks.MaxLists;

    private readonly FrameStates<FrameLink> _links;
    private readonly int _end;

    /// <summary>Makes a list of its own.</summary>
    public FrameList()
        : this(new FrameLinks())
    {
    }

    /// <summary>Makes one of several lists among which frames move.</summary>
    public FrameList(FrameLinks links)
    {
        (_links, _end) = (links.States, links.AddList());
        _links.At(_end) = new FrameLink { Newer = _end, Older = _end };
    }

    /// <summary>How many frames are in the list.</summary>
    public int Count { get; private set; }

    /// <summary>Puts a frame that is in no list in as the newest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddNewest(FrameNumber frame)
    {
        _links.Reach(frame.Value + First);
        Link(frame.Value + First);
        Count++;
    }

    /// <summary>Puts a frame that is in no list in as the oldest.</summary>
    public void AddOldest(FrameNumber frame)
    {
        var at = frame.Value + First;
        _links.Reach(at);
        ref var end = ref _links.At(_end);
        _links.At(at) = new FrameLink { Older = _end, Newer = end.Newer };
        _links.At(end.Newer).Older = at;
        end.Newer = at;
        Count++;
    }

    /// <summary>Takes a frame out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Remove(FrameNumber frame)
    {
        Unlink(ref _links.At(frame.Value + First));
        Count--;
    }

    /// <summary>Makes a frame of the list the newest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MoveToNewest(FrameNumber frame)
    {
        var at = frame.Value + First;
        ref var link = ref _links.At(at);
        if (link.Newer != _end)
        {
            Unlink(ref link);
            Link(at);
        }
    }

    /// <summary>The oldest frame, if there is one.</summary>
    public bool TryPeekOldest(out FrameNumber frame)
    {
        frame = new FrameNumber(_links.At(_end).Newer - First);
        return Count > 0;
    }

    /// <summary>Takes the oldest frame out, if there is one.</summary>
    public bool TryTakeOldest(out FrameNumber frame)
    {
        if (!TryPeekOldest(out frame))
        {
            return false;
        }

        Remove(frame);
        return true;
    }

    /// <summary>The frame that came in just after this one; the newest has none.</summary>
    public bool TryNewer(FrameNumber frame, out FrameNumber newer)
    {
        var at = _links.At(frame.Value + First).Newer;
        newer = new FrameNumber(at - First);
        return at != _end;
    }

    // The end's Newer is the oldest, its Older the newest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Link(int at)
    {
        ref var end = ref _links.At(_end);
        _links.At(at) = new FrameLink { Older = end.Older, Newer = _end };
        _links.At(end.Older).Newer = at;
        end.Older = at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Unlink(ref FrameLink link)
    {
        _links.At(link.Older).Newer = link.Newer;
        _links.At(link.Newer).Older = link.Older;
    }
}
