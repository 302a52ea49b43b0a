using Reflink.Cache.Policies;
using Reflink.Cache.Simulation;
using Reflink.Studies.Traces;

namespace Reflink.Studies.Replaying;

/// <summary>
/// Miss-ratio curves. They are exact: LRU's at all sizes in one pass, those of other policies by a simulation at each size. With a sample of the pages they
/// are the mean of several samples, which also tell how far one of them is off.
/// </summary>
public static class CurveStudy
{
    /// <summary>The stack policy, which one pass is enough for.</summary>
    public const string StackPolicy = "lru";

    /// <summary>How many samples are taken, if any is.</summary>
    public const int Samples = 5;

    /// <summary>Finds the curves.</summary>
    /// <param name="options">The trace and the policies; sizes, if there are none, are spaced evenly by their logarithm up to the footprint.</param>
    /// <param name="points">How many sizes, then.</param>
    /// <param name="progress">Told how much is done, 0 to 1, of each pass.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <exception cref="ReflinkException">What <see cref="TraceReplay"/> says.</exception>
    public static (TraceFacts Facts, IReadOnlyList<MissRatioCurve> Curves) Run(ReplayOptions options, int points, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var input = TraceInput.Open(options.Path, isReadAgain: true, cancel);
        var (facts, stack) = Measure(input, options, progress, cancel);
        options = options with { Pages = options.Pages.Count > 0 ? [.. options.Pages.Order()] : Spaced(facts.Footprint, Least(options), points) };
        var isSampled = options.Trace.Sample < 1;
        var simulated = options with { Policies = [.. options.Policies.Where(p => isSampled || p != StackPolicy)] };
        var results = simulated.Policies.Count == 0 ? []
            : Enumerable.Range(0, isSampled ? Samples : 1).Select(n => TraceReplay.Run(input, simulated with { Trace = options.Trace with { SampleSeed = n } }, progress, cancel)).ToList();
        var notes = results.SelectMany(r => r.Facts.Notes).Concat(facts.Notes).Distinct();
        return (facts with { Notes = [.. notes] }, [.. options.Policies.Select(p => simulated.Policies.Contains(p) ? Curve(p, results, options) : stack.Curve(p, options.Pages))]);
    }

    private static MissRatioCurve Curve(string policy, List<ReplayResult> results, ReplayOptions options)
    {
        var samples = results.Select(result => result.Rows.Where(row => row.Policy == policy).Select(row => row.MissRatio).ToList()).ToList();
        var means = options.Pages.Select((_, n) => samples.Average(s => s[n])).ToList();
        return new MissRatioCurve(policy, [.. options.Pages.Zip(means)], options.Trace.Sample)
        {
            Samples = results.Count,
            Spread = means.Select((mean, n) => samples.Max(s => Math.Abs(s[n] - mean))).Max(),
        };
    }

    private static (TraceFacts Facts, StackDistances Stack) Measure(TraceInput input, ReplayOptions options, IProgress<double>? progress, CancellationToken cancel)
    {
        using var trace = Trace.Of(input, options.Trace);
        var (facts, stack, batch) = (new FactTaker(options.Trace.Sample), new StackDistances(), new PageAccess[4096]);
        for (int count; (count = trace.Read(batch)) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            facts.Take(batch.AsSpan(0, count));
            stack.Take(batch.AsSpan(0, count));
            progress?.Report(trace.Progress);
        }

        return (facts.Finish(trace, input.Path), stack);
    }

    // The smallest memory whose sample every policy can serve.
    private static double Least(ReplayOptions options) => options.Policies.Select(Least).DefaultIfEmpty(1).Max() / options.Trace.Sample;

    private static int Least(string policy) => policy != ReplayOptions.Optimum && ReplacementPolicies.Create(policy, 16) is IChargingPolicy charging ? charging.Least : 1;

    private static List<long> Spaced(long footprint, double smallest, int points)
    {
        var least = Math.Max(smallest, footprint / 1000.0);
        var most = Math.Max(least, footprint);
        return [.. Enumerable.Range(0, points).Select(n => (long)Math.Ceiling(least * Math.Pow(most / least, n / Math.Max(1.0, points - 1)))).Distinct()];
    }
}
