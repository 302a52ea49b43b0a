namespace Reflink.Cache.Policies.Mglru;

/// <summary>
/// Decides by refaults which tiers are protected and which kind of page is evicted (struct ctrl_pos and the functions above it, mm/vmscan.c): a
/// controller whose proportional term is refaulted / (evicted + protected) of the oldest generation, and whose integral term is the mean of the
/// generations before it, each of which counts half as much as the next.
/// </summary>
internal sealed class TierController
{
    /// <summary>MAX_NR_TIERS.</summary>
    public const int Tiers = 4;

    // MIN_LRU_BATCH: fewer refaults say nothing.
    private const int Batch = 64;

    private readonly Tier[] _tiers = new Tier[2 * Tiers];

    /// <summary>Pages of a tier came back soon after they had left.</summary>
    public void NoteRefault(FolioKind kind, int tier, int pages) => At(kind, tier).Refaulted += pages;

    /// <summary>Pages of a tier were evicted, or looked at and protected.</summary>
    public void NoteTurn(FolioKind kind, int tier, int pages) => At(kind, tier).Turned += pages;

    /// <summary>
    /// The highest tier that may leave: the next one, if there is one, comes back at least 3 / 2 times as often as the first (get_tier_idx).
    /// </summary>
    public int HighestToEvict(FolioKind kind)
    {
        var first = At(kind, 0).Position(gain: 2);
        var tier = 1;
        while (tier < Tiers && IsLower(At(kind, tier).Position(gain: 3), first))
        {
            tier++;
        }

        return tier - 1;
    }

    /// <summary>The kind that comes back less often, weighted by swappiness (get_type_to_scan).</summary>
    public FolioKind Choose(int swappiness)
    {
        if (swappiness <= 1)
        {
            return FolioKind.File;
        }

        if (swappiness >= Linux.ReclaimCosts.MaxSwappiness)
        {
            return FolioKind.Anonymous;
        }

        var anonymous = Sum(FolioKind.Anonymous).Position(swappiness);
        return IsLower(Sum(FolioKind.File).Position(Linux.ReclaimCosts.MaxSwappiness - swappiness), anonymous) ? FolioKind.File : FolioKind.Anonymous;
    }

    /// <summary>The oldest generation of a kind ends: its counts become part of the mean (reset_ctrl_pos).</summary>
    public void CarryOver(FolioKind kind)
    {
        for (var tier = 0; tier < Tiers; tier++)
        {
            At(kind, tier).CarryOver();
        }
    }

    // Whether the variable comes back less often than the set point, or hardly ever (positive_ctrl_err).
    private static bool IsLower(in ControlPosition variable, in ControlPosition setPoint) =>
        variable.Refaulted < Batch
        || variable.Refaulted * (setPoint.Total + Batch) * setPoint.Gain <= (setPoint.Refaulted + 1) * variable.Total * variable.Gain;

    private ref Tier At(FolioKind kind, int tier) => ref _tiers[((int)kind * Tiers) + tier];

    private Tier Sum(FolioKind kind)
    {
        var sum = default(Tier);
        for (var tier = 0; tier < Tiers; tier++)
        {
            ref readonly var part = ref At(kind, tier);
            sum.Refaulted += part.Refaulted + part.MeanRefaulted;
            sum.Turned += part.Turned + part.MeanTurned;
        }

        return sum;
    }

    private readonly record struct ControlPosition(long Refaulted, long Total, int Gain);

    // One tier of one kind: counts of the oldest generation, and the means of those before it.
    private struct Tier
    {
        public long Refaulted;
        public long Turned;
        public long MeanRefaulted;
        public long MeanTurned;

        public readonly ControlPosition Position(int gain) => new(Refaulted + MeanRefaulted, Turned + MeanTurned, gain);

        public void CarryOver() => (MeanRefaulted, MeanTurned, Refaulted, Turned) = ((MeanRefaulted + Refaulted) / 2, (MeanTurned + Turned) / 2, 0, 0);
    }
}
