using Reflink.Cache.Policies.Linux;

namespace Reflink.Cache.Policies.Mglru;

/// <summary>
/// What stays of folios that were evicted (lru_gen_eviction and lru_gen_refault, mm/workingset.c): the oldest generation at that time, how often
/// the folio had been used, and whether it was of the working set. A folio that comes back within four generations counts as a refault of its tier.
/// </summary>
/// <param name="generations">The generations.</param>
/// <param name="controller">Counts evictions and refaults by tier.</param>
/// <param name="tree">The pages of files.</param>
internal sealed class GenerationShadows(Generations generations, TierController controller, PageTree tree)
{
    // LRU_REFS_WIDTH: the uses stand below the generation in an entry's age.
    private const int UseBits = 2;
    private const long UseMask = (1 << UseBits) - 1;

    /// <summary>No entry older than this counts: of four generations the oldest, whatever the uses.</summary>
    public const long Longest = (Generations.Most << UseBits) - 1;

    private readonly PageTree _swapped = new(Longest);
    private readonly WorkingsetCounts[] _counts = [new(), new()];

    private long Now => (generations.Youngest << UseBits) | UseMask;

    /// <summary>How often pages of a kind came back.</summary>
    public WorkingsetCounts Of(FolioKind kind) => _counts[(int)kind];

    /// <summary>A folio leaves.</summary>
    public void Evict(in GenerationFolio folio)
    {
        var age = (generations.Oldest(folio.Kind) << UseBits) | (uint)Math.Max(folio.References - 1, 0);
        controller.NoteTurn(folio.Kind, folio.Tier, folio.Pages);
        TreeOf(folio.Kind).Evict(folio.Key, folio.Order, Shadow.Of(age, folio.Has(GenerationFlags.Workingset)), Now);
    }

    /// <summary>A folio comes in. If it was of the working set and left not long ago, it is so again.</summary>
    /// <returns>What was known of it, and whether it left an entry at all: then an anonymous folio comes from swap.</returns>
    public (Admission Admission, bool WasHere) Refault(ref GenerationFolio folio, Placement placement)
    {
        if (!TreeOf(folio.Kind).Add(folio.Key, folio.Order, out var shadow))
        {
            return (Admission.New, false);
        }

        var counts = Of(folio.Kind);
        counts.Refaults += folio.Pages;
        if (shadow is not { } left || left.Distance(Now) > Longest)
        {
            return (Admission.Refault, true);
        }

        controller.NoteRefault(folio.Kind, TierOf(left), folio.Pages);
        counts.Activations += placement == Placement.Used ? folio.Pages : 0;
        if (left.Workingset)
        {
            folio.Flags |= GenerationFlags.Workingset;
            counts.Restores += folio.Pages;
        }

        return (left.Workingset || placement == Placement.Used ? Admission.Activated : Admission.Refault, true);
    }

    /// <summary>A folio is freed.</summary>
    public void Forget(in GenerationFolio folio) => TreeOf(folio.Kind).Remove(folio.Key, folio.Order);

    /// <summary>Drops nodes of the page tree that hold too many entries (<see cref="PageTree.Shrink"/>).</summary>
    public void Shrink(int priority) =>
        tree.Shrink(generations.Pages(FolioKind.Anonymous) + generations.Pages(FolioKind.File) + tree.ChargedPages, priority);

    private PageTree TreeOf(FolioKind kind) => kind == FolioKind.File ? tree : _swapped;

    private static int TierOf(Shadow shadow) => shadow.Workingset ? TierController.Tiers - 1 : GenerationFolio.TierOf((int)(shadow.Age & UseMask) + 1);
}
