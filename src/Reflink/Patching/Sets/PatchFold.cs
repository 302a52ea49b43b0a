namespace Reflink.Patching.Sets;

/// <summary>
/// Makes one set of two that lie one over the other. Entries that overlap, directly or by way of others, become one entry.
/// <code>
///   above         ├──┤       old bytes: what below shows there
///   below   ├──────┤         old bytes: the file's
///   over    ├────────┤       old: the file's · new: above's, elsewhere below's
/// </code>
/// </summary>
internal static class PatchFold
{
    /// <summary>What changes, all in all, where <paramref name="above"/> lies over <paramref name="below"/>.</summary>
    public static PatchSet Over(PatchSet below, PatchSet above)
    {
        if (below.Count == 0 || above.Count == 0)
        {
            return below.Count == 0 ? above : below;
        }

        var builder = new PatchSetBuilder(below.Target);
        for (var (b, a) = (0, 0); b < below.Count || a < above.Count;)
        {
            var (firstBelow, firstAbove) = (b, a);
            var end = 0L;
            do
            {
                end = Math.Max(end, OffsetOf(below, b) <= OffsetOf(above, a) ? below[b++].End : above[a++].End);
            }
            while (Math.Min(OffsetOf(below, b), OffsetOf(above, a)) < end);

            Add(builder, below, firstBelow..b, above, firstAbove..a, end);
        }

        return builder.Build();
    }

    private static long OffsetOf(PatchSet set, int index) => index < set.Count ? set.Offset(index) : long.MaxValue;

    private static void Add(PatchSetBuilder builder, PatchSet below, Range fromBelow, PatchSet above, Range fromAbove, long end)
    {
        var (b, a) = (fromBelow.Start.Value, fromAbove.Start.Value);
        var (belows, aboves) = (fromBelow.End.Value - b, fromAbove.End.Value - a);
        if (belows + aboves == 1)
        {
            var entry = belows == 1 ? below[b] : above[a];
            builder.Add(entry.Offset, entry.Old, entry.New, entry.Name);
            return;
        }

        var start = Math.Min(OffsetOf(below, b), OffsetOf(above, a));
        var (old, now) = (new byte[end - start], new byte[end - start]);
        for (var i = a; i < a + aboves; i++)
        {
            above.Old(i).CopyTo(old.AsSpan((int)(above.Offset(i) - start)));
        }

        for (var i = b; i < b + belows; i++)
        {
            below.Old(i).CopyTo(old.AsSpan((int)(below.Offset(i) - start)));
        }

        below.WriteOver(start, now);
        above.WriteOver(start, now);
        builder.Add(start, old, now);
    }
}
