using System.Runtime.CompilerServices;
using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// The inactive and the active list of anonymous pages and of files' pages (struct lruvec and enum lru_list, include/linux/mmzone.h), and the state of every folio.
/// </summary>
internal sealed class LruLists
{
    /// <summary>How many lists there are.</summary>
    public const int Count = 4;

    // The ends of the lists come first, then the folios by frame.
    private readonly FrameStates<FolioState> _states = new();
    private readonly long[] _pages = new long[Count];

    public LruLists()
    {
        _states.Reach(Count - 1);
        for (var list = 0; list < Count; list++)
        {
            _states.At(list) = new FolioState { Newer = list, Older = list };
        }
    }

    /// <summary>Pages on all lists.</summary>
    public long Total => _pages[0] + _pages[1] + _pages[2] + _pages[3];

    /// <summary>The inactive list of a kind.</summary>
    public static int Inactive(FolioKind kind) => kind == FolioKind.File ? 2 : 0;

    /// <summary>The active list of a kind.</summary>
    public static int Active(FolioKind kind) => Inactive(kind) + 1;

    /// <summary>Whether a list is an active one.</summary>
    public static bool IsActive(int list) => (list & 1) != 0;

    /// <summary>The kind of folios on a list.</summary>
    public static FolioKind KindOf(int list) => list < 2 ? FolioKind.Anonymous : FolioKind.File;

    /// <summary>The state of the folio that begins with a frame.</summary>
    public ref FolioState this[int frame]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _states.At(frame + Count);
    }

    /// <summary>Pages on a list.</summary>
    public long Pages(int list) => _pages[list];

    /// <summary>Makes room for a frame.</summary>
    public void Reach(int frame) => _states.Reach(frame + Count);

    /// <summary>The list that a folio belongs on.</summary>
    public static int ListOf(in FolioState folio) => folio.Has(FolioFlags.Active) ? Active(folio.Kind) : Inactive(folio.Kind);

    /// <summary>Puts a folio at the head of the list that its flags name.</summary>
    public void Add(int frame)
    {
        ref var folio = ref this[frame];
        var list = ListOf(folio);
        ref var end = ref _states.At(list);
        (folio.Older, folio.Newer) = (end.Older, list);
        _states.At(end.Older).Newer = frame + Count;
        end.Older = frame + Count;
        folio.Flags |= FolioFlags.Listed;
        _pages[list] += folio.Pages;
    }

    /// <summary>Puts a folio at the tail of the list that its flags name: it is looked at next.</summary>
    public void AddOldest(int frame)
    {
        ref var folio = ref this[frame];
        var list = ListOf(folio);
        ref var end = ref _states.At(list);
        (folio.Newer, folio.Older) = (end.Newer, list);
        _states.At(end.Newer).Older = frame + Count;
        end.Newer = frame + Count;
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
        var frame = _states.At(list).Newer - Count;
        if (frame < 0)
        {
            return -1;
        }

        Remove(frame);
        return frame;
    }
}
