namespace Reflink.Cache.Policies.Mglru;

/// <summary>
/// One call of reclaim for a group (do_try_to_free_pages, try_to_shrink_lruvec and get_nr_to_scan, mm/vmscan.c): it looks at 1/4096 of all pages, then
/// at twice as many, and so on, until enough left. When only three generations are left, it begins one instead of looking at pages.
/// </summary>
internal sealed class GenerationReclaim(Generations generations, GenerationAging aging, GenerationShadows shadows, GenerationShrinker shrinker)
{
    // DEF_PRIORITY and SWAP_CLUSTER_MAX.
    private const int FirstPriority = 12;
    private const int Cluster = 32;

    // MAX_RECLAIM_RETRIES.
    private const int Retries = 16;

    /// <summary>How readily anonymous pages go to swap, 0 to 200.</summary>
    public int Swappiness { get; set; } = new Linux.LinuxOptions().Swappiness;

    /// <summary>Whether all that could be evicted is too young.</summary>
    public bool IsAllYoung => aging.IsAllYoung(EffectiveSwappiness);

    // Without swap only pages of files are looked at (get_swappiness).
    private int EffectiveSwappiness => aging.Host is { HasSwap: true } ? Swappiness : 0;

    /// <summary>Chooses folios to evict, and leaves a shadow entry for each.</summary>
    /// <param name="target">Pages wanted; Linux frees 32 at the least.</param>
    /// <param name="chosen">Takes the folios; what does not fit stays.</param>
    /// <returns>How many folios.</returns>
    public int Run(int target, Span<FrameNumber> chosen)
    {
        var swappiness = EffectiveSwappiness;
        var (count, wanted) = (0, Math.Max(target, Cluster));
        for (var n = 0; n < Retries && count == 0; n++)
        {
            var end = Stolen + wanted;
            for (var priority = FirstPriority; priority >= 0 && Stolen < end && count < chosen.Length; priority--)
            {
                Shrink(priority, swappiness, chosen, ref count);
                shadows.Shrink(priority);
            }
        }

        return count;
    }

    private long Stolen => shrinker.Of(FolioKind.Anonymous).Stolen + shrinker.Of(FolioKind.File).Stolen;

    private void Shrink(int priority, int swappiness, Span<FrameNumber> chosen, ref int count)
    {
        var scanned = 0L;
        while (count < chosen.Length)
        {
            if (MustAge(swappiness) && priority < FirstPriority)
            {
                aging.BeginGeneration(swappiness);
                return;
            }

            var scan = PagesToScan(swappiness) >> priority;
            var part = scan == 0 ? 0 : shrinker.Evict(scan, swappiness, chosen, ref count);
            scanned += part;
            if (part == 0 || scanned >= scan)
            {
                return;
            }
        }
    }

    // Whether the kinds that may be evicted have no more than three generations (should_run_aging).
    private bool MustAge(int swappiness) => aging.Oldest(swappiness) + Generations.Fewest >= generations.Youngest;

    private long PagesToScan(int swappiness) => aging.Oldest(swappiness) + Generations.Fewest > generations.Youngest ? 0
        : generations.Pages(FolioKind.File) + (swappiness > 0 ? generations.Pages(FolioKind.Anonymous) : 0);
}
