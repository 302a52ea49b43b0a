namespace Reflink.Studies.Sweeps;

/// <summary>What several seeds gave for one number: its median, how sure that is, and its ends.</summary>
/// <param name="Count">How many values there are.</param>
/// <param name="Median">The middle one, or the mean of the two in the middle.</param>
/// <param name="Low">Where the median lies with 95 % confidence: from here (percentile bootstrap, Efron 1979) ... With fewer than six values nothing is that sure, and this is the smallest.</param>
/// <param name="High">... to here; with fewer than six values the largest.</param>
/// <param name="Least">The smallest value.</param>
/// <param name="Most">The largest value.</param>
public readonly record struct Spread(int Count, double Median, double Low, double High, double Least, double Most)
{
    /// <summary>With fewer values the true median lies outside of all of them more often than once in twenty times: 2 / 2^5 is more than 5 %.</summary>
    public const int LeastForInterval = 6;

    private const int Resamples = 2_000;
    private const double Tail = 0.025;

    /// <summary>Whether zero may be the true median of these differences: whether they are lost in the noise.</summary>
    public bool MayBeZero => Low <= 0 && High >= 0;

    /// <summary>Of some values, at least one; the same values give the same spread.</summary>
    public static Spread Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        double[] sorted = [.. values.Order()];
        if (sorted[0] == sorted[^1])
        {
            return new(sorted.Length, sorted[0], sorted[0], sorted[0], sorted[0], sorted[0]);
        }

        if (sorted.Length < LeastForInterval)
        {
            return new(sorted.Length, Middle(sorted), sorted[0], sorted[^1], sorted[0], sorted[^1]);
        }

        var random = new SplitMix(1);
        var (medians, sample) = (new double[Resamples], new double[sorted.Length]);
        for (var i = 0; i < Resamples; i++)
        {
            for (var j = 0; j < sample.Length; j++)
            {
                sample[j] = sorted[random.Below(sorted.Length)];
            }

            Array.Sort(sample);
            medians[i] = Middle(sample);
        }

        Array.Sort(medians);
        return new(sorted.Length, Middle(sorted), medians[(int)(Tail * Resamples)], medians[(int)((1 - Tail) * Resamples) - 1], sorted[0], sorted[^1]);
    }

    private static double Middle(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
