namespace Reflink.Ksm;

/// <summary>
/// Which visits are skipped of pages that did not merge before (should_skip_rmap_item and skip_age, mm/ksm.c): a page that
/// never merges is looked at in passes 1, 2, 3, 4, 6, 9, 14, 23 and then every ninth.
/// </summary>
internal static class SmartScan
{
    /// <summary>Whether the next visit of a page will be skipped.</summary>
    public static bool WillSkip(in RmapItem item) => item.Age >= 3 && item.Skips > 0;

    /// <summary>Ages a page by one visit and tells whether this one is skipped.</summary>
    public static bool Skips(ref RmapItem item)
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
            _ => 8,
        };
        return false;
    }
}
