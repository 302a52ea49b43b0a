namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// Refault distances (mm/workingset.c): how much more memory would have kept a page that comes back. If the active list could have given
/// that much, the page begins there.
/// </summary>
internal sealed class Workingset(LruLists lists, PageTree tree, PageTree swapped, ReclaimCosts costs)
{
    private readonly WorkingsetCounts[] _counts = [new(), new()];

    // Evictions and activations so far (nonresident_age).
    private long _age;

    /// <summary>The counters as they were flushed last.</summary>
    public ReclaimStatistics Seen { get; private set; }

    /// <summary>How often pages of a kind came back.</summary>
    public WorkingsetCounts Of(FolioKind kind) => _counts[(int)kind];

    /// <summary>Flushes the counters.</summary>
    public void Flush() => Seen = new ReclaimStatistics(Count(FolioKind.File), Count(FolioKind.Anonymous), tree.ChargedPages);

    /// <summary>A folio in memory becomes active (workingset_activation).</summary>
    public void Activate(int pages) => _age += pages;

    /// <summary>A folio leaves (workingset_eviction).</summary>
    public void Evict(in FolioState folio)
    {
        var shadow = Shadow.Of(_age, folio.Has(FolioFlags.Workingset));
        _age += folio.Pages;
        TreeOf(folio.Kind).Evict(folio.Key, folio.Order, shadow, _age);
    }

    /// <summary>A folio comes in; its flags say how (workingset_refault).</summary>
    public Admission Refault(ref FolioState folio)
    {
        if (!TreeOf(folio.Kind).Add(folio.Key, folio.Order, out var shadow))
        {
            return Admission.New;
        }

        var counts = Of(folio.Kind);
        counts.Refaults += folio.Pages;
        if (shadow is not { } left || left.Distance(_age) > Room(folio.Kind))
        {
            return Admission.Refault;
        }

        folio.Flags |= FolioFlags.Active;
        _age += folio.Pages;
        counts.Activations += folio.Pages;
        if (left.Workingset)
        {
            folio.Flags |= FolioFlags.Workingset;
            counts.Restores += folio.Pages;
            costs.Note(folio.Kind, folio.Pages, 0, Seen.ListedPages);
        }

        return Admission.Activated;
    }

    /// <summary>A folio comes in to be written: that is no refault, whatever was there before (filemap_add_folio with __GFP_WRITE, mm/filemap.c).</summary>
    public Admission Overwrite(in FolioState folio)
    {
        _ = TreeOf(folio.Kind).Add(folio.Key, folio.Order, out _);
        return Admission.New;
    }

    /// <summary>A folio is freed.</summary>
    public void Forget(in FolioState folio) => TreeOf(folio.Kind).Remove(folio.Key, folio.Order);

    /// <summary>Drops nodes of the page tree that are of no more use, going by the counters, too: never flushed, they leave no shadow entry.</summary>
    public void Shrink(int priority) => tree.Shrink(Seen.ListedPages + Seen.SlabPages, priority);

    // What could have been given up for a page that comes back: all other pages but the inactive ones of its kind (workingset_test_recent).
    private long Room(FolioKind kind) => kind == FolioKind.File
        ? Seen.File.Active + Seen.Anonymous.Pages
        : Seen.File.Pages + Seen.Anonymous.Active;

    private PageTree TreeOf(FolioKind kind) => kind == FolioKind.File ? tree : swapped;

    private ListStatistics Count(FolioKind kind) =>
        new(lists.Pages(LruLists.Inactive(kind)), lists.Pages(LruLists.Active(kind)), Of(kind).Activations);
}
