namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// Refault distances (mm/workingset.c): how much more memory would have kept a page that comes back. If the active list could have given
/// that much, the page begins there.
/// </summary>
internal sealed class Workingset(LruLists lists, PageTree tree)
{
    // Evictions and activations so far (nonresident_age).
    private long _age;

    /// <summary>The counters as they were flushed last.</summary>
    public ReclaimStatistics Seen { get; private set; }

    /// <summary>Pages that came back (workingset_refault_file).</summary>
    public long Refaults { get; private set; }

    /// <summary>Pages that came back so soon that they began active (workingset_activate_file).</summary>
    public long Activations { get; private set; }

    /// <summary>Those of them that had been active before (workingset_restore_file).</summary>
    public long Restores { get; private set; }

    /// <summary>Flushes the counters.</summary>
    public void Flush() => Seen = new ReclaimStatistics(lists.Pages(LruLists.Inactive), lists.Pages(LruLists.Active), Activations, tree.ChargedPages);

    /// <summary>A folio in memory becomes active (workingset_activation).</summary>
    public void Activate(int pages) => _age += pages;

    /// <summary>A folio leaves (workingset_eviction).</summary>
    public void Evict(in FolioState folio)
    {
        var shadow = Shadow.Of(_age, folio.Has(FolioFlags.Workingset));
        _age += folio.Pages;
        tree.Evict(folio.Key, folio.Order, shadow, _age);
    }

    /// <summary>A folio comes in; its flags say how (workingset_refault).</summary>
    public Admission Refault(ref FolioState folio)
    {
        if (!tree.Add(folio.Key, folio.Order, out var shadow))
        {
            return Admission.New;
        }

        Refaults += folio.Pages;
        if (shadow is not { } left || left.Distance(_age) > Seen.Active)
        {
            return Admission.Refault;
        }

        folio.Flags |= FolioFlags.Active;
        _age += folio.Pages;
        Activations += folio.Pages;
        if (left.Workingset)
        {
            folio.Flags |= FolioFlags.Workingset;
            Restores += folio.Pages;
        }

        return Admission.Activated;
    }

    /// <summary>Drops nodes of the page tree that are of no more use, going by the counters, too: never flushed, they leave no shadow entry.</summary>
    public void Shrink(int priority) => tree.Shrink(Seen.Inactive + Seen.Active + Seen.SlabPages, priority);
}
