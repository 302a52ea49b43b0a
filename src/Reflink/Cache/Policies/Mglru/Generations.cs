using System.Runtime.CompilerServices;
using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache.Policies.Mglru;

/// <summary>
/// Two to four generations of anonymous pages and of files' pages, with a list each (struct lru_gen_folio, include/linux/mmzone.h). Generations
/// are numbered as they come; a number modulo 4 names a list. The youngest is the same for both kinds, the oldest is not.
/// </summary>
internal sealed class Generations
{
    /// <summary>MIN_NR_GENS: reclaim leaves so many alone.</summary>
    public const int Fewest = 2;

    /// <summary>MAX_NR_GENS.</summary>
    public const int Most = 4;

    private const int Kinds = 2;

    private readonly FrameStates<GenerationFolio> _folios = new();
    private readonly FrameList[] _lists = new FrameList[Kinds * Most];
    private readonly long[] _pages = new long[Kinds * Most];
    private readonly long[] _oldest = new long[Kinds];

    // When each generation began, by number modulo 4 (timestamps in struct lru_gen_folio).
    private readonly long[] _began = new long[Most];

    public Generations()
    {
        var links = new FrameLinks();
        for (var n = 0; n < _lists.Length; n++)
        {
            _lists[n] = new FrameList(links);
        }
    }

    /// <summary>The number of the youngest generation (max_seq).</summary>
    public long Youngest { get; private set; } = Fewest + 1;

    /// <summary>The state of the folio that begins with a frame.</summary>
    public ref GenerationFolio this[FrameNumber frame]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _folios[frame];
    }

    /// <summary>Makes room for a frame.</summary>
    public void Reach(FrameNumber frame) => _folios.Reach(frame);

    /// <summary>The number of the oldest generation of a kind (min_seq).</summary>
    public long Oldest(FolioKind kind) => _oldest[(int)kind];

    /// <summary>How many generations of a kind there are.</summary>
    public int Count(FolioKind kind) => (int)(Youngest - Oldest(kind)) + 1;

    /// <summary>Pages of a kind in all generations.</summary>
    public long Pages(FolioKind kind)
    {
        var pages = 0L;
        for (var generation = 0; generation < Most; generation++)
        {
            pages += _pages[At(kind, generation)];
        }

        return pages;
    }

    /// <summary>Pages of a kind in the two youngest generations (lru_gen_is_active): nr_active_file, nr_active_anon.</summary>
    public long ActivePages(FolioKind kind) => _pages[At(kind, Youngest)] + _pages[At(kind, Youngest - 1)];

    /// <summary>Whether a folio belongs to the oldest generation of its kind.</summary>
    public bool IsOldest(in GenerationFolio folio) => folio.Generation == Oldest(folio.Kind) % Most;

    /// <summary>The generation that a folio comes to.</summary>
    public long Place(in GenerationFolio folio, Placement placement)
    {
        var isWorkingset = folio.Has(GenerationFlags.Workingset) ? 1 : 0;
        var generation = placement switch
        {
            Placement.Used => Youngest - 1 + isWorkingset,
            Placement.Anonymous => Youngest - 1,
            _ => Youngest - (Most - 1) + isWorkingset,
        };
        return Math.Max(generation, Oldest(folio.Kind));
    }

    /// <summary>Puts a folio at the head of the list of its generation (lru_gen_add_folio).</summary>
    public void Add(FrameNumber frame, Placement placement)
    {
        ref var folio = ref this[frame];
        folio.Generation = folio.List = (int)(Place(folio, placement) % Most);
        _lists[At(folio.Kind, folio.List)].AddNewest(frame);
        _pages[At(folio.Kind, folio.Generation)] += folio.Pages;
    }

    /// <summary>Takes a folio off its list (lru_gen_del_folio).</summary>
    public void Remove(FrameNumber frame)
    {
        ref readonly var folio = ref this[frame];
        _lists[At(folio.Kind, folio.List)].Remove(frame);
        _pages[At(folio.Kind, folio.Generation)] -= folio.Pages;
    }

    /// <summary>The folio at the tail of the list of a kind's oldest generation, if there is one.</summary>
    public bool TryPeekOldest(FolioKind kind, out FrameNumber frame) => _lists[At(kind, Oldest(kind))].TryPeekOldest(out frame);

    /// <summary>A folio belongs to the youngest generation from now on, and stays on its list until reclaim meets it there (folio_update_gen).</summary>
    public void Promote(FrameNumber frame) => Count(ref this[frame], (int)(Youngest % Most));

    /// <summary>
    /// A folio of the oldest generation belongs to the next one, and its uses are counted anew; one that was promoted stays what it is (folio_inc_gen).
    /// </summary>
    public void Raise(FrameNumber frame)
    {
        ref var folio = ref this[frame];
        if (IsOldest(folio))
        {
            folio.ForgetUses();
            Count(ref folio, (folio.Generation + 1) % Most);
        }
    }

    /// <summary>Moves a folio to the head of the list of the generation that it belongs to.</summary>
    public void MoveToHead(FrameNumber frame) => _lists[Leave(frame)].AddNewest(frame);

    /// <summary>Moves a folio to the tail of the list of the generation that it belongs to.</summary>
    public void MoveToTail(FrameNumber frame) => _lists[Leave(frame)].AddOldest(frame);

    /// <summary>All generations that there are begin now.</summary>
    public void BeginAll(long now) => Array.Fill(_began, now);

    /// <summary>Begins a generation.</summary>
    public void BeginYoungest(long now) => _began[++Youngest % Most] = now;

    /// <summary>When a generation began.</summary>
    public long Began(long generation) => _began[generation % Most];

    /// <summary>The generations of a kind below a number are no more.</summary>
    public void RaiseOldest(FolioKind kind, long generation) => _oldest[(int)kind] = generation;

    /// <summary>Whether no folio is on the list of a generation.</summary>
    public bool IsEmpty(FolioKind kind, long generation) => _lists[At(kind, generation)].Count == 0;

    private static int At(FolioKind kind, long generation) => ((int)kind * Most) + (int)(generation % Most);

    private void Count(ref GenerationFolio folio, int generation)
    {
        _pages[At(folio.Kind, folio.Generation)] -= folio.Pages;
        _pages[At(folio.Kind, generation)] += folio.Pages;
        folio.Generation = generation;
    }

    private int Leave(FrameNumber frame)
    {
        ref var folio = ref this[frame];
        _lists[At(folio.Kind, folio.List)].Remove(frame);
        folio.List = folio.Generation;
        return At(folio.Kind, folio.List);
    }
}
