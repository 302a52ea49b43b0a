using Reflink.Ksm.Sets;

namespace Reflink.Ksm.Scanning;

/// <summary>
/// Which visits are skipped of pages that did not merge before (should_skip_rmap_item and skip_age, mm/ksm.c): a page that
/// never merges is looked at in passes 1, 2, 3, 4, 6, 9, 14, 23 and then every ninth.
/// </summary>
internal static class SmartScan
{
    /// <summary>How many visits of a page of full age are skipped between two looks.</summary>
    private const int MaxSkips = 8;

    /// <summary>Whether the next visit of a page will be skipped.</summary>
    public static bool WillSkip(in RmapItem item) => item.Age >= 3 && item.Skips > 0;

    /// <summary>Ages a page by one visit and tells whether this one is skipped.</summary>
    /// <param name="item">The page.</param>
    /// <param name="aligned">Null: skip as Linux does. Otherwise the number of this pass: the next look is in a pass that all old pages share.</param>
    public static bool Skips(ref RmapItem item, long? aligned = null)
    {
        var age = item.Age;
        if (age < byte.MaxValue)
        {
            item.Age++;
        }

        if (age < 3)
        {
            return false;
        }

        if (item.Skips > 0)
        {
            item.Skips--;
            return true;
        }

        item.Skips = age switch
        {
            <= 3 => 1,
            <= 5 => 2,
            <= 8 => 4,
            _ => (byte)(MaxSkips - ((aligned ?? 0) % (MaxSkips + 1))),
        };
        return false;
    }
}
