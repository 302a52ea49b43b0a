using System.Globalization;
using Reflink.Studies;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>Traces of this project's own for a limit, the same for the same seed. Their footprint is 1.25 to 4 times the limit.</summary>
public static class SeededTraces
{
    // No file is larger than this if twice the limit fits below it.
    private const int LargestFootprint = 65_536;

    /// <summary>The traces for a limit.</summary>
    /// <param name="megabytes">The limit, in MiB; a part of the names, because the footprint depends on it.</param>
    /// <param name="accesses">The length of each trace.</param>
    /// <param name="seed">Where the random numbers begin.</param>
    public static IEnumerable<PageTrace> Of(int megabytes, int accesses, ulong seed)
    {
        var limit = megabytes << (20 - Page.Shift);
        var wide = Math.Min(4 * limit, Math.Max(2 * limit, LargestFootprint));
        string Named(string pattern) => string.Create(CultureInfo.InvariantCulture, $"{pattern}-{megabytes}M-s{seed}");
        SplitMix Random(ulong number) => new(unchecked((seed * 0x9E37_79B9) + number));

        yield return new(Named("zipf0.8"), Zipf(Random(1), 0.8, wide, accesses));
        yield return new(Named("zipf1.0"), Zipf(Random(2), 1.0, wide, accesses));
        yield return new(Named("scans"), Scans(Random(3), wide, limit, accesses));
        yield return new(Named("loop"), [.. Enumerable.Range(0, accesses).Select(n => (uint)(n % (limit + (limit / 4))))]);
        yield return new(Named("hot"), Hot(Random(5), 2 * limit, limit, accesses));
        yield return new(Named("phases"), Phases(Random(6), wide, accesses));
    }

    // The page of rank r has weight r to the power of minus the exponent; which page has which rank is shuffled.
    private static uint[] Zipf(SplitMix random, double exponent, int pages, int accesses)
    {
        var until = new double[pages];
        var sum = 0.0;
        for (var rank = 0; rank < pages; rank++)
        {
            until[rank] = sum += Math.Pow(rank + 1, -exponent);
        }

        var order = Shuffled(random, pages);
        return [.. Enumerable.Range(0, accesses).Select(_ => order[Math.Min(pages - 1, RankOf(until, Uniform(random) * sum))])];
    }

    private static int RankOf(double[] until, double value)
    {
        var found = Array.BinarySearch(until, value);
        return found < 0 ? ~found : found;
    }

    // Zipf's distribution, interrupted by sequential scans of half the limit.
    private static uint[] Scans(SplitMix random, int pages, int limit, int accesses)
    {
        var trace = Zipf(random, 0.9, pages, accesses);
        var length = limit / 2;
        for (var start = accesses / 5; start + length < accesses; start += (accesses / 5) + length)
        {
            var first = random.Below(pages - length);
            for (var n = 0; n < length; n++)
            {
                trace[start + n] = (uint)(first + n);
            }
        }

        return trace;
    }

    // Two of three accesses go to a hot set of two fifths of the limit, the others go once through all the rest, again and again.
    private static uint[] Hot(SplitMix random, int pages, int limit, int accesses)
    {
        var hot = limit * 2 / 5;
        var next = hot;
        var trace = new uint[accesses];
        for (var n = 0; n < accesses; n++)
        {
            var scans = random.Below(3) == 0;
            trace[n] = (uint)(scans ? next : random.Below(hot));
            next = !scans ? next : next + 1 < pages ? next + 1 : hot;
        }

        return trace;
    }

    // A third each: Zipf's distribution, the same over other pages, and the first again.
    private static uint[] Phases(SplitMix random, int pages, int accesses)
    {
        var first = Zipf(random, 0.9, pages / 2, accesses);
        return [.. first.Select((page, n) => n / (accesses / 3) == 1 ? page + (uint)(pages / 2) : page)];
    }

    private static uint[] Shuffled(SplitMix random, int pages)
    {
        var order = Enumerable.Range(0, pages).Select(page => (uint)page).ToArray();
        for (var n = pages - 1; n > 0; n--)
        {
            var other = random.Below(n + 1);
            (order[n], order[other]) = (order[other], order[n]);
        }

        return order;
    }

    private static double Uniform(SplitMix random) => (random.Next() >> 11) * (1.0 / (1UL << 53));
}
