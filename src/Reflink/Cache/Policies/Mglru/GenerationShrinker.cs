using Reflink.Cache.Policies.Linux;

namespace Reflink.Cache.Policies.Mglru;

/// <summary>
/// Evicts folios of the oldest generation (evict_folios and what it calls, mm/vmscan.c).
/// <code>
///   tail of the oldest generation ──► promoted by a walk: to the list of its generation
///                                 ──► in a protected tier, or used often: to the next generation
///                                 ──► an entry of it was used: to the second youngest generation, the second time to the youngest
///                                 ──► any other leaves
/// </code>
/// </summary>
internal sealed class GenerationShrinker(Generations generations, TierController controller, GenerationAging aging, GenerationShadows shadows)
{
    // MIN_LRU_BATCH and MAX_LRU_BATCH.
    private const int Batch = 64;
    private const int MostScanned = 64 * Batch;

    private readonly ScanCounts[] _counts = [new(), new()];

    /// <summary>What was looked at, by kind.</summary>
    public ScanCounts Of(FolioKind kind) => _counts[(int)kind];

    /// <summary>Evicts a batch of folios of the kind that the controller chooses, or of the other if that one has none.</summary>
    /// <param name="scan">How many folios to look at, 4,096 at the most.</param>
    /// <param name="swappiness">How readily anonymous pages go; 0: they stay.</param>
    /// <param name="chosen">Takes the folios; what does not fit is not looked at.</param>
    /// <param name="count">How many were chosen.</param>
    /// <returns>How many pages were looked at; 0: eviction is not possible until a generation begins.</returns>
    public long Evict(long scan, int swappiness, Span<FrameNumber> chosen, ref int count)
    {
        Span<FrameNumber> isolated = stackalloc FrameNumber[Batch];
        isolated = isolated[..Math.Min(Batch, chosen.Length - count)];
        var kind = controller.Choose(swappiness);
        var scanned = Isolate(kind, scan, isolated, out var found);
        if (scanned == 0 && swappiness > 0)
        {
            kind = kind == FolioKind.File ? FolioKind.Anonymous : FolioKind.File;
            scanned = Isolate(kind, scan, isolated, out found);
        }

        scanned += aging.EndEmpty(swappiness) ? 1 : 0;
        scanned = aging.Oldest(swappiness) + Generations.Fewest > generations.Youngest ? 0 : scanned;
        foreach (var frame in isolated[..found])
        {
            if (aging.TakeUsed(frame))
            {
                Keep(frame);
            }
            else
            {
                Of(kind).Stolen += generations[frame].Pages;
                shadows.Evict(generations[frame]);
                chosen[count++] = frame;
            }
        }

        return scanned;
    }

    /// <summary>Where a folio comes that is not known to be used: an anonymous one that has its place in swap is as good as a file's.</summary>
    public Placement PlacementOf(FrameNumber frame) =>
        generations[frame].Kind == FolioKind.File || aging.Host is { } host && !host.IsDirty(frame) ? Placement.Read : Placement.Anonymous;

    // scan_folios and isolate_folio. What is isolated is on no list.
    private long Isolate(FolioKind kind, long scan, Span<FrameNumber> isolated, out int found)
    {
        found = 0;
        if (generations.Count(kind) == Generations.Fewest)
        {
            return 0;
        }

        var (left, scanned, sorted, pages) = (Math.Min(scan, MostScanned), 0L, 0L, 0L);
        var highest = controller.HighestToEvict(kind);
        while (left > 0 && pages < Batch && found < isolated.Length && generations.TryPeekOldest(kind, out var frame))
        {
            var size = generations[frame].Pages;
            scanned += size;
            left--;
            if (Sort(frame, highest))
            {
                sorted += size;
            }
            else
            {
                generations.Remove(frame);
                isolated[found++] = frame;
                pages += size;
            }
        }

        Of(kind).Scanned += pages;
        Of(kind).Refilled += sorted;
        return found > 0 || left == 0 ? scanned : 0;
    }

    // Whether a folio moves on, since it is of a younger generation or protected (sort_folio).
    private bool Sort(FrameNumber frame, int highest)
    {
        ref readonly var folio = ref generations[frame];
        var (kind, tier) = (folio.Kind, folio.Tier);
        if (!generations.IsOldest(folio))
        {
            generations.MoveToHead(frame);
            return true;
        }

        if (tier <= highest && !folio.IsUsedOften)
        {
            return false;
        }

        if (!folio.IsUsedOften)
        {
            controller.NoteTurn(kind, tier, folio.Pages);
        }

        generations.Raise(frame);
        generations.MoveToHead(frame);
        return true;
    }

    // Found used, for the first time or again; it does not come back to the oldest generation (folio_check_references, and the end of evict_folios).
    private void Keep(FrameNumber frame)
    {
        ref var folio = ref generations[frame];
        if (folio.UseThroughTable())
        {
            Of(folio.Kind).Activated += folio.Pages;
            generations.Add(frame, Placement.Used);
            return;
        }

        var placement = PlacementOf(frame);
        if (generations.Place(folio, placement) == generations.Oldest(folio.Kind))
        {
            folio.ForgetUses();
            placement = Placement.Used;
        }

        generations.Add(frame, placement);
    }
}
