namespace Reflink.Cache.Policies.Linux;

/// <summary>Looks at the oldest folios of a list and decides what becomes of each (shrink_inactive_list and shrink_active_list, mm/vmscan.c).</summary>
internal sealed class ListShrinker(LruLists lists, FolioBatches batches, Workingset workingset, ReclaimCosts costs)
{
    // SWAP_CLUSTER_MAX.
    private const int Cluster = 32;

    private readonly ScanCounts[] _counts = [new(), new()];

    /// <summary>The accessed bits of the folios.</summary>
    public FolioReferences References { get; } = new();

    /// <summary>What was looked at, by kind.</summary>
    public ScanCounts Of(FolioKind kind) => _counts[(int)kind];

    /// <summary>Evicts inactive folios; those that stay come to the head of their list when the others have left.</summary>
    /// <param name="kind">Of which pages.</param>
    /// <param name="scan">How many pages to look at, 32 at the most.</param>
    /// <param name="chosen">Takes the folios; what does not fit is not looked at.</param>
    /// <param name="count">How many were chosen.</param>
    /// <returns>Pages that leave.</returns>
    public long ShrinkInactive(FolioKind kind, long scan, Span<FrameNumber> chosen, ref int count)
    {
        batches.Drain();
        Span<int> isolated = stackalloc int[Cluster];
        isolated = isolated[..Isolate(LruLists.Inactive(kind), Math.Min(scan, chosen.Length - count), isolated, out var scanned)];
        var (freed, written, kept, dirty) = (0L, 0L, 0, 0);
        foreach (var frame in isolated)
        {
            dirty += kind == FolioKind.File && References.IsDirty(frame) ? 1 : 0;
            var fate = References.Check(frame, ref lists[frame]);
            if (fate == FolioFate.Leaves && kind == FolioKind.File && References.IsPostponed(frame))
            {
                fate = FolioFate.Activated;
            }

            if (fate == FolioFate.Leaves)
            {
                written += References.MustBeWritten(frame, kind) ? lists[frame].Pages : 0;
                workingset.Evict(lists[frame]);
                chosen[count++] = new FrameNumber(frame);
                freed += lists[frame].Pages;
                continue;
            }

            lists[frame].Flags |= fate == FolioFate.Activated ? FolioFlags.Active : FolioFlags.None;
            isolated[kept++] = frame;
        }

        foreach (var frame in isolated[..kept])
        {
            Of(kind).Activated += lists[frame].Has(FolioFlags.Active) ? lists[frame].Pages : 0;
            PutBack(frame);
        }

        if (dirty > 0 && dirty == kept)
        {
            References.Host!.WriteDirty();
        }

        Of(kind).Scanned += scanned;
        Of(kind).Stolen += freed;
        costs.Note(kind, written, scanned - freed, workingset.Seen.ListedPages);
        return freed;
    }

    /// <summary>
    /// Deactivates active folios: pages of programs that ran since stay, the others become inactive. The referenced bit stays, too, so
    /// the next access activates at once.
    /// </summary>
    public void ShrinkActive(FolioKind kind, long scan)
    {
        batches.Drain();
        Span<int> isolated = stackalloc int[Cluster];
        isolated = isolated[..Isolate(LruLists.Active(kind), scan, isolated, out var scanned)];
        var (rotated, deactivated) = (0L, 0);
        foreach (var frame in isolated)
        {
            if (References.Take(frame, ref lists[frame]) is { Count: > 0, IsExecuted: true } && kind == FolioKind.File)
            {
                rotated += lists[frame].Pages;
                PutBack(frame);
            }
            else
            {
                isolated[deactivated++] = frame;
            }
        }

        foreach (var frame in isolated[..deactivated])
        {
            lists[frame].Flags = (lists[frame].Flags & ~FolioFlags.Active) | FolioFlags.Workingset;
            Of(kind).Deactivated += lists[frame].Pages;
            PutBack(frame);
        }

        Of(kind).Refilled += scanned;
        costs.Note(kind, 0, rotated, workingset.Seen.ListedPages);
    }

    private int Isolate(int list, long scan, Span<int> isolated, out long scanned)
    {
        var count = 0;
        scanned = 0;
        while (scanned < scan && count < isolated.Length && lists.TakeOldest(list) is var frame and >= 0)
        {
            isolated[count++] = frame;
            scanned += lists[frame].Pages;
        }

        return count;
    }

    // An active folio that is put back ages those that left (move_folios_to_lru).
    private void PutBack(int frame)
    {
        ref var folio = ref lists[frame];
        lists.Add(frame);
        if (folio.Has(FolioFlags.Active))
        {
            workingset.Activate(folio.Pages);
        }
    }
}
