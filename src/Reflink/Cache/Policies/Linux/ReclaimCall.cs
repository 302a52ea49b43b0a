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
internal sealed class ReclaimCall(LruLists lists, FolioBatches batches, Workingset workingset, ReclaimCosts costs, ListShrinker shrinker)
{
    // DEF_PRIORITY and SWAP_CLUSTER_MAX.
    private const int FirstPriority = 12;
    private const int Cluster = 32;

    // MAX_RECLAIM_RETRIES: what the last priority deactivated can leave in another call.
    private const int Retries = 16;

    // workingset_activate of each kind as it was seen at the end of the last call (lruvec.refaults).
    private readonly long[] _activations = new long[2];
    private readonly bool[] _mayDeactivate = new bool[2];
    private bool _skippedDeactivate;

    /// <summary>How readily anonymous pages go to swap, 0 to 200.</summary>
    public int Swappiness { get; set; }

    /// <summary>Chooses folios to evict, and leaves a shadow entry for each.</summary>
    /// <param name="target">Pages wanted; Linux frees 32 at the least.</param>
    /// <param name="chosen">Takes the folios; what does not fit stays.</param>
    /// <returns>How many folios.</returns>
    public int Run(int target, Span<FrameNumber> chosen)
    {
        var count = 0;
        for (var n = 0; n < Retries && count == 0; n++)
        {
            Try(Math.Max(target, Cluster), chosen, ref count);

            // Linux would go out of memory where all that a small group has is still in batches.
            batches.Drain();
        }

        return count;
    }

    // Where nothing left, Linux tries again with the whole tree of groups, of which the group's own is all there is here (memcg_full_walk),
    // and only then deactivates pages although the inactive lists are long enough.
    private void Try(int target, Span<FrameNumber> chosen, ref int count)
    {
        _skippedDeactivate = false;
        if (RunPriorities(target, chosen, ref count, force: false) == 0
            && RunPriorities(target, chosen, ref count, force: false) == 0 && _skippedDeactivate)
        {
            RunPriorities(target, chosen, ref count, force: true);
        }
    }

    private long RunPriorities(int target, Span<FrameNumber> chosen, ref int count, bool force)
    {
        var freed = 0L;
        for (var priority = FirstPriority; priority >= 0 && freed < target && count < chosen.Length; priority--)
        {
            foreach (var kind in (ReadOnlySpan<FolioKind>)[FolioKind.Anonymous, FolioKind.File])
            {
                var seen = workingset.Seen.Of(kind);
                _mayDeactivate[(int)kind] = force || seen.Activations != _activations[(int)kind] || seen.IsInactiveLow;
            }

            freed += ShrinkLists(priority, target, chosen, ref count);
            workingset.Shrink(priority);
        }

        foreach (var kind in (ReadOnlySpan<FolioKind>)[FolioKind.Anonymous, FolioKind.File])
        {
            _activations[(int)kind] = workingset.Seen.Of(kind).Activations;
        }

        return freed;
    }

    private long ShrinkLists(int priority, int target, Span<FrameNumber> chosen, ref int count)
    {
        var budget = BudgetOf(priority);
        var freed = 0L;
        while (!budget.IsSpent && count < chosen.Length)
        {
            for (var list = 0; list < LruLists.Count && count < chosen.Length; list++)
            {
                freed += Shrink(list, budget.Take(list, Cluster), chosen, ref count);
            }

            if (freed >= target && !budget.Rebalance())
            {
                break;
            }
        }

        // Whether any were evicted or not, anonymous pages age.
        if (shrinker.References.HasSwap && workingset.Seen.Anonymous.IsInactiveLow)
        {
            shrinker.ShrinkActive(FolioKind.Anonymous, Cluster);
        }

        return freed;
    }

    private long Shrink(int list, long scan, Span<FrameNumber> chosen, ref int count)
    {
        var kind = LruLists.KindOf(list);
        if (scan == 0)
        {
            return 0;
        }

        if (!LruLists.IsActive(list))
        {
            return ShrinkInactive(kind, scan, chosen, ref count);
        }

        if (_mayDeactivate[(int)kind])
        {
            shrinker.ShrinkActive(kind, scan);
        }
        else
        {
            _skippedDeactivate = true;
        }

        return 0;
    }

    // A machine chooses few pages at a time. Where some of those that were looked at stay, others are looked at, up to as many as the kernel does at once.
    private long ShrinkInactive(FolioKind kind, long scan, Span<FrameNumber> chosen, ref int count)
    {
        var (counts, freed) = (shrinker.Of(kind), 0L);
        var (end, before) = (counts.Scanned + scan, -1L);
        while (counts.Scanned < end && counts.Scanned != before && count < chosen.Length)
        {
            before = counts.Scanned;
            freed += shrinker.ShrinkInactive(kind, end - before, chosen, ref count);
        }

        return freed;
    }

    // How much of each list, by what reclaiming each kind cost lately (get_scan_count).
    private ScanBudget BudgetOf(int priority)
    {
        var (anonymous, file, whole) = SharesAt(priority);
        var budget = default(ScanBudget);
        for (var list = 0; list < LruLists.Count; list++)
        {
            var share = LruLists.KindOf(list) == FolioKind.File ? file : anonymous;
            budget.Set(list, (lists.Pages(list) >> priority) * share / whole);
        }

        return budget;
    }

    private (long Anonymous, long File, long Whole) SharesAt(int priority)
    {
        if (!shrinker.References.HasSwap)
        {
            return (0, 1, 1);
        }

        // Even with no swappiness a machine swaps before it is out of memory (file_is_tiny).
        if (Swappiness == 0)
        {
            return lists.Pages(LruLists.Inactive(FolioKind.File)) + lists.Pages(LruLists.Active(FolioKind.File)) > 0 ? (0, 1, 1) : (1, 0, 1);
        }

        if (priority == 0)
        {
            return (1, 1, 1);
        }

        // Plenty of inactive pages of files that do not come back: those first (cache_trim_mode).
        var trims = workingset.Seen.File.Inactive >> priority > 0 && !_mayDeactivate[(int)FolioKind.File];
        if (trims)
        {
            return (0, 1, 1);
        }

        var (anonymous, file) = costs.Shares(Swappiness);
        return (anonymous, file, anonymous + file);
    }
}
