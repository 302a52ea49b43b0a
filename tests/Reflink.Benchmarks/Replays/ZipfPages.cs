using Reflink.Cache.Simulation;

namespace Reflink.Benchmarks.Replays;

/// <summary>
/// Pages with Zipf's distribution, exponent 1: W. Hörmann, G. Derflinger, Rejection-inversion to generate variates from monotone discrete
/// distributions, ACM TOMACS 6(3), 1996. Numbers of pages do not follow their rank.
/// </summary>
internal static class ZipfPages
{
    public static PageAccess[] Make(int accesses, long distinct)
    {
        var state = 42UL;
        var (low, high) = (H(1.5) - 1, H(distinct + 0.5));
        var trace = new PageAccess[accesses];
        for (var n = 0; n < accesses; n++)
        {
            trace[n] = new PageAccess(PageOf(Rank(ref state, low, high, distinct)));
        }

        return trace;
    }

    /// <summary>The page of a rank, from 1.</summary>
    public static PageKey PageOf(long rank) => new(unchecked((ulong)rank * 0x9E3779B97F4A7C15UL) >> 24);

    private static long Rank(ref ulong state, double low, double high, long distinct)
    {
        while (true)
        {
            var u = high + (Uniform(ref state) * (low - high));
            var x = Math.Exp(u);
            var rank = Math.Clamp((long)(x + 0.5), 1, distinct);
            if (rank - x <= 1 - Math.Exp(H(1.5) - 1) || u >= H(rank + 0.5) - (1.0 / rank))
            {
                return rank;
            }
        }
    }

    private static double H(double x) => Math.Log(x);

    private static double Uniform(ref ulong state)
    {
        state = unchecked(state + 0x9E3779B97F4A7C15UL);
        var z = unchecked((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
