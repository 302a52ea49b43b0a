using System.Runtime.CompilerServices;
using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache.Policies.Linux;

/// <summary>The inactive and the active list (struct lruvec, include/linux/mmzone.h), and the state of every folio.</summary>
internal sealed class LruLists
{
    /// <summary>The inactive list; <see cref="Active"/> is the other.</summary>
    public const int Inactive = 0;

    /// <summary>The active list.</summary>
    public const int Active = 1;

    private const int Ends = 2;

    // The ends of the two lists come first, then the folios by frame.
    private readonly FrameStates<FolioState> _states = new();
    private readonly long[] _pages = new long[Ends];

    public LruLists()
    {
        _states.Reach(Ends - 1);
        _states.At(Active) = new FolioState { Newer = Active, Older = Active };
    }

    /// <summary>The state of the folio that begins with a frame.</summary>
    public ref FolioState this[int frame]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _states.At(frame + Ends);
    }

    /// <summary>Pages on a list.</summary>
    public long Pages(int list) => _pages[list];

    /// <summary>Makes room for a frame.</summary>
    public void Reach(int frame) => _states.Reach(frame + Ends);

    /// <summary>The list that a folio belongs on.</summary>
    public static int ListOf(in FolioState folio) => folio.Has(FolioFlags.Active) ? Active : Inactive;

    /// <summary>Puts a folio at the head of the list that its flags name.</summary>
    public void Add(int frame)
    {
        ref var folio = ref this[frame];
        var list = ListOf(folio);
        ref var end = ref _states.At(list);
        (folio.Older, folio.Newer) = (end.Older, list);
        _states.At(end.Older).Newer = frame + Ends;
        end.Older = frame + Ends;
        folio.Flags |= FolioFlags.Listed;
        _pages[list] += folio.Pages;
    }

    /// <summary>Takes a folio off its list.</summary>
    public void Remove(int frame)
    {
        ref var folio = ref this[frame];
        _states.At(folio.Older).Newer = folio.Newer;
        _states.At(folio.Newer).Older = folio.Older;
        folio.Flags &= ~FolioFlags.Listed;
        _pages[ListOf(folio)] -= folio.Pages;
    }

    /// <summary>Takes the folio at the tail of a list off it; -1 when the list is empty.</summary>
    public int TakeOldest(int list)
    {
        var frame = _states.At(list).Newer - Ends;
        if (frame < 0)
        {
            return -1;
        }

        Remove(frame);
        return frame;
    }
}
