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

        var made = new PatchSetAppender(below.Target, null, below.Count + above.Count, below.ByteCount + above.ByteCount);
        for (var (b, a) = (0, 0); b < below.Count || a < above.Count;)
        {
            if (below.FirstBehind(OffsetOf(above, a), b) is var nextBelow && nextBelow > b)
            {
                made.AddRange(below, b, nextBelow - b);
                b = nextBelow;
            }
            else if (above.FirstBehind(OffsetOf(below, b), a) is var nextAbove && nextAbove > a)
            {
                made.AddRange(above, a, nextAbove - a);
                a = nextAbove;
            }
            else
            {
                (b, a) = AddOverlapping(made, below, b, above, a);
            }
        }

        return made.Build();
    }

    private static long OffsetOf(PatchSet set, int index) => index < set.Count ? set.Offset(index) : long.MaxValue;

    // Makes one entry of those that overlap, or none if they undo each other; returns the entries behind them.
    private static (int Below, int Above) AddOverlapping(PatchSetAppender made, PatchSet below, int firstBelow, PatchSet above, int firstAbove)
    {
        var (b, a, end) = (firstBelow, firstAbove, 0L);
        do
        {
            end = Math.Max(end, OffsetOf(below, b) <= OffsetOf(above, a) ? below[b++].End : above[a++].End);
        }
        while (Math.Min(OffsetOf(below, b), OffsetOf(above, a)) < end);

        var start = Math.Min(below.Offset(firstBelow), above.Offset(firstAbove));
        if (b == firstBelow + 1 && a == firstAbove + 1 && below.Old(firstBelow).Length == end - start && above.Old(firstAbove).Length == end - start)
        {
            // Both change the same bytes, as a level does that takes another one back.
            AddUnlessEqual(made, start, below.Old(firstBelow), above.New(firstAbove));
            return (b, a);
        }

        var (old, now) = (new byte[end - start], new byte[end - start]);
        CopyOld(above, firstAbove, a, start, old);
        CopyOld(below, firstBelow, b, start, old);
        below.WriteOver(start, now);
        above.WriteOver(start, now);
        AddUnlessEqual(made, start, old, now);
        return (b, a);
    }

    private static void CopyOld(PatchSet set, int first, int end, long start, byte[] old)
    {
        for (var i = first; i < end; i++)
        {
            set.Old(i).CopyTo(old.AsSpan((int)(set.Offset(i) - start)));
        }
    }

    private static void AddUnlessEqual(PatchSetAppender made, long offset, ReadOnlySpan<byte> old, ReadOnlySpan<byte> @new)
    {
        if (!old.SequenceEqual(@new))
        {
            made.Add(offset, old, @new);
        }
    }
}
