namespace Reflink.Cache.Policies;

/// <summary>
/// A policy that looks at the accessed bits of page tables itself, folio by folio, as Linux does (folio_referenced, mm/rmap.c). It is told
/// (<see cref="IReplacementPolicy.Touched"/> with <see cref="AccessKind.Load"/>, <see cref="AccessKind.Store"/> or
/// <see cref="AccessKind.Execute"/>) when an entry is used for the first time since its bit was cleared. For any other policy the bits
/// are gathered and cleared when a reclaim begins.
/// </summary>
public interface IAgingPolicy
{
    /// <summary>Answers what the policy wants to know of folios, and clears the bits; given before anything else happens.</summary>
    IReclaimHost Host { set; }

    /// <summary>How readily anonymous pages go to swap, 0 to 200 (vm.swappiness).</summary>
    /// <exception cref="ReflinkException">EINVAL: it is not 0 to 200.</exception>
    int Swappiness { get; set; }

    /// <summary>A page was used through an entry whose bit is set already; a simulation says so, since the policy may count accesses.</summary>
    void UsedAgain(FrameNumber frame);

    /// <summary>A page is not expected to be used soon: it is to be inactive, and its bits are to be clear (MADV_COLD; folio_deactivate, mm/swap.c).</summary>
    void Deactivated(FrameNumber frame);

    /// <summary>
    /// A page leaves because somebody asked for it (MADV_PAGEOUT; reclaim_pages, mm/vmscan.c). The policy forgets it as one that it chose itself: when it comes back, it is a
    /// refault. It does not count among those that reclaim looked at.
    /// </summary>
    void PagedOut(FrameNumber frame);

    /// <summary>An entry whose bit was set went away: a page of a file was unmapped (zap_present_folio_ptes, mm/memory.c).</summary>
    void Unmapped(FrameNumber frame);

    /// <summary>Whether all that could leave was used too lately, so that the working set does not fit into memory and a process had better be ended (lru_gen_age_node, mm/vmscan.c).</summary>
    bool IsAllYoung => false;

    /// <summary>A page that the policy wanted to evict while it was dirty is in the store now: it may leave next (folio_rotate_reclaimable, mm/swap.c).</summary>
    void Rotated(FrameNumber frame)
    {
    }
}
