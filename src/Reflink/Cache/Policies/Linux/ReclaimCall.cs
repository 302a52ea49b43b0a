namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// One call of reclaim for a group (try_to_free_mem_cgroup_pages, do_try_to_free_pages and shrink_lruvec, mm/vmscan.c): it looks at a
/// small part of the lists, then at twice as much, and so on, until enough left.
/// <code>
///   priority 12: 1/4096 of each list    inactive ≤ 32 pages ──► evict
///            11: 1/2048                 active   ≤ 32 pages ──► inactive, if that is low or pages came back to the active one
///             …  until the sum reaches the target, or 0: all
/// </code>
/// </summary>
internal sealed class ReclaimCall(LruLists lists, FolioBatches batches, Workingset workingset)
{
    // DEF_PRIORITY and SWAP_CLUSTER_MAX.
    private const int FirstPriority = 12;
    private const int Cluster = 32;

    // MAX_RECLAIM_RETRIES: what the last priority deactivated can leave in another call.
    private const int Retries = 16;

    // workingset_activate as it was seen at the end of the last call (lruvec.refaults).
    private long _activations;
    private bool _mayDeactivate;
    private bool _skippedDeactivate;

    /// <summary>The accessed bits of the folios.</summary>
    public FolioReferences References { get; } = new();

    /// <summary>Pages looked at on the inactive list so far (pgscan_file).</summary>
    public long Scanned { get; private set; }

    /// <summary>Pages evicted so far (pgsteal_file).</summary>
    public long Stolen { get; private set; }

    /// <summary>Pages looked at on the active list so far (pgrefill).</summary>
    public long Refilled { get; private set; }

    /// <summary>Pages moved to the inactive list so far (pgdeactivate).</summary>
    public long Deactivated { get; private set; }

    /// <summary>Chooses folios to evict, and leaves a shadow entry for each.</summary>
    /// <param name="target">Pages wanted; Linux frees 32 at the least.</param>
    /// <param name="chosen">Takes the folios; what does not fit stays.</param>
    /// <returns>How many folios.</returns>
    public int Run(int target, Span<FrameNumber> chosen)
    {
        var count = 0;
        for (var n = 0; n < Retries && count == 0; n++)
        {
            _skippedDeactivate = false;
            if (RunPriorities(Math.Max(target, Cluster), chosen, ref count, force: false) == 0 && _skippedDeactivate)
            {
                RunPriorities(Math.Max(target, Cluster), chosen, ref count, force: true);
            }

            // Linux would go out of memory where all that a small group has is still in batches.
            batches.Drain();
        }

        return count;
    }

    private long RunPriorities(int target, Span<FrameNumber> chosen, ref int count, bool force)
    {
        var freed = 0L;
        for (var priority = FirstPriority; priority >= 0 && freed < target && count < chosen.Length; priority--)
        {
            var seen = workingset.Seen;
            _mayDeactivate = force || seen.Activations != _activations || seen.IsInactiveLow;
            freed += ShrinkLists(priority, target, chosen, ref count);
            workingset.Shrink(priority);
        }

        _activations = workingset.Seen.Activations;
        return freed;
    }

    private long ShrinkLists(int priority, int target, Span<FrameNumber> chosen, ref int count)
    {
        var inactive = lists.Pages(LruLists.Inactive) >> priority;
        var active = lists.Pages(LruLists.Active) >> priority;
        var freed = 0L;
        while ((inactive > 0 || active > 0) && freed < target && count < chosen.Length)
        {
            if (inactive > 0)
            {
                var scan = Math.Min(inactive, Cluster);
                inactive -= scan;
                freed += ShrinkInactive(scan, chosen, ref count);
            }

            if (active > 0)
            {
                var scan = Math.Min(active, Cluster);
                active -= scan;
                ShrinkActive(scan);
            }
        }

        return freed;
    }

    // Looks at the oldest inactive folios (shrink_inactive_list). Those that stay come to the head of their list when the others have left.
    private long ShrinkInactive(long scan, Span<FrameNumber> chosen, ref int count)
    {
        batches.Drain();
        Span<int> isolated = stackalloc int[Cluster];
        isolated = isolated[..Isolate(LruLists.Inactive, Math.Min(scan, chosen.Length - count), isolated, out var scanned)];
        var freed = 0L;
        var kept = 0;
        foreach (var frame in isolated)
        {
            var fate = References.Check(frame, ref lists[frame]);
            if (fate == FolioFate.Leaves)
            {
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
            PutBack(frame);
        }

        Scanned += scanned;
        Stolen += freed;
        return freed;
    }

    // Looks at the oldest active folios (shrink_active_list): pages of programs that ran since stay, the others become inactive. The
    // referenced bit stays, too, so the next access activates at once.
    private void ShrinkActive(long scan)
    {
        if (!_mayDeactivate)
        {
            _skippedDeactivate = true;
            return;
        }

        batches.Drain();
        Span<int> isolated = stackalloc int[Cluster];
        isolated = isolated[..Isolate(LruLists.Active, scan, isolated, out var scanned)];
        var deactivated = 0;
        foreach (var frame in isolated)
        {
            if (References.Take(frame, ref lists[frame]) is { Count: > 0, IsExecuted: true })
            {
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
            Deactivated += lists[frame].Pages;
            PutBack(frame);
        }

        Refilled += scanned;
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
