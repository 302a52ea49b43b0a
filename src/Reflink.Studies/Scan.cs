using Reflink.Ksm.Partitions;

namespace Reflink.Studies;

/// <summary>Scans by whole passes.</summary>
internal static class Scan
{
    /// <summary>
    /// Passes until every page is merged or has found no equal, or, where pages keep changing or are skipped, until a pass after
    /// the second merges nothing more. Ends, since nobody writes meanwhile.
    /// </summary>
    public static void UntilSettled(MergePartition partition)
    {
        var (start, before) = (partition.Counters.FullScans, -1L);
        while (partition.Counters is var now && (now.FullScans < start + 2 || (now.PagesVolatile > 0 && now.PagesSharing != before)))
        {
            before = now.PagesSharing;
            if (!partition.Pass())
            {
                return;
            }
        }
    }
}
