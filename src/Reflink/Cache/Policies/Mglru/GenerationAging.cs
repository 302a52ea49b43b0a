using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache.Policies.Mglru;

/// <summary>
/// Begins generations and ends them (try_to_inc_max_seq and try_to_inc_min_seq, mm/vmscan.c). A generation begins with a walk of all page tables: what
/// was used through them since the last walk is promoted.
/// </summary>
internal sealed class GenerationAging(Generations generations, TierController controller)
{
    // Frames that a page-table entry led to which was used since its accessed bit was cleared.
    private readonly FrameBits _young = new();

    /// <summary>Has the page tables; null where there are none.</summary>
    public IReclaimHost? Host
    {
        get;
        set
        {
            field = value;
            generations.BeginAll(Now);
        }
    }

    /// <summary>How long a generation has to have been there, in nanoseconds, before it is better evicted than a process ended (lru_gen_min_ttl); 0: any may be evicted.</summary>
    public long LeastAge { get; set; }

    private long Now => Host?.Now ?? 0;

    /// <summary>Whether the oldest generation that may be evicted is too young for that, or there is none (lruvec_is_reclaimable).</summary>
    public bool IsAllYoung(int swappiness) => LeastAge > 0
        && (generations.Pages(FolioKind.File) + (swappiness > 0 ? generations.Pages(FolioKind.Anonymous) : 0) == 0 || Now - generations.Began(Oldest(swappiness)) <= LeastAge);

    /// <summary>A folio comes in: none of its entries was used so far.</summary>
    public void Begin(FrameNumber frame)
    {
        _young.Reach(frame);
        _ = _young.Take(frame);
    }

    /// <summary>An entry of a folio was used for the first time since its bit was cleared.</summary>
    public void Use(FrameNumber frame)
    {
        generations[frame].Flags |= _young[frame] ? GenerationFlags.YoungTwice : GenerationFlags.None;
        _young.Set(frame);
    }

    /// <summary>An entry whose bit was set went away.</summary>
    public void Unmap(FrameNumber frame)
    {
        ref var folio = ref generations[frame];
        if (folio.Has(GenerationFlags.YoungTwice))
        {
            folio.Flags &= ~GenerationFlags.YoungTwice;
        }
        else
        {
            _ = _young.Take(frame);
        }
    }

    /// <summary>Whether an entry of a folio was used; clears their bits (folio_referenced, mm/rmap.c).</summary>
    public bool TakeUsed(FrameNumber frame)
    {
        if (!_young.Take(frame))
        {
            return false;
        }

        Clear(frame);
        return true;
    }

    /// <summary>The oldest generation of the kinds that may be evicted (evictable_min_seq).</summary>
    public long Oldest(int swappiness) => swappiness == 0
        ? generations.Oldest(FolioKind.File)
        : Math.Min(generations.Oldest(FolioKind.Anonymous), generations.Oldest(FolioKind.File));

    /// <summary>Walks the page tables, and begins a generation; a kind that has four already loses its oldest one.</summary>
    public void BeginGeneration(int swappiness)
    {
        Walk();
        foreach (var kind in (ReadOnlySpan<FolioKind>)[FolioKind.Anonymous, FolioKind.File])
        {
            if (generations.Count(kind) == Generations.Most)
            {
                EndOldest(kind, swappiness);
            }
        }

        generations.BeginYoungest(Now);
    }

    /// <summary>Ends generations that have no folio any more, as long as two are left of each kind.</summary>
    /// <returns>Whether one ended.</returns>
    public bool EndEmpty(int swappiness)
    {
        var (anonymous, file) = (FirstWithFolios(FolioKind.Anonymous), FirstWithFolios(FolioKind.File));

        // The kinds stay within a generation of each other, so that their refaults can be compared (the comment on struct lru_gen_folio).
        var bound = generations.Youngest - Generations.Fewest;
        if (swappiness > 0 && anonymous > bound && file < bound)
        {
            anonymous = bound;
        }
        else if (swappiness > 0 && file > bound && anonymous < bound)
        {
            file = bound;
        }

        var hasAnonymousEnded = swappiness > 0 && EndBelow(FolioKind.Anonymous, anonymous);
        return EndBelow(FolioKind.File, file) || hasAnonymousEnded;
    }

    private void Walk()
    {
        for (var word = 0; _young.TryTakeFrom(ref word, out var frame);)
        {
            Clear(frame);
            if (generations[frame].UseThroughTable())
            {
                generations.Promote(frame);
            }
        }
    }

    private void Clear(FrameNumber frame)
    {
        generations[frame].Flags &= ~GenerationFlags.YoungTwice;
        Host?.ClearAccessed(frame);
    }

    // What is in the oldest generation comes behind what is in the next, or it would become the youngest (inc_min_seq).
    private void EndOldest(FolioKind kind, int swappiness)
    {
        while ((kind == FolioKind.File || swappiness > 0) && generations.TryPeekOldest(kind, out var frame))
        {
            ref readonly var folio = ref generations[frame];
            if (!folio.IsUsedOften)
            {
                controller.NoteTurn(kind, folio.Tier, folio.Pages);
            }

            generations.Raise(frame);
            generations.MoveToTail(frame);
        }

        controller.CarryOver(kind);
        generations.RaiseOldest(kind, generations.Oldest(kind) + 1);
    }

    private long FirstWithFolios(FolioKind kind)
    {
        var oldest = generations.Oldest(kind);
        while (oldest + Generations.Fewest <= generations.Youngest && generations.IsEmpty(kind, oldest))
        {
            oldest++;
        }

        return oldest;
    }

    private bool EndBelow(FolioKind kind, long oldest)
    {
        if (oldest <= generations.Oldest(kind))
        {
            return false;
        }

        controller.CarryOver(kind);
        generations.RaiseOldest(kind, oldest);
        return true;
    }
}
