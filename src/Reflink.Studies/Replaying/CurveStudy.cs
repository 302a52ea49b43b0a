using Reflink.Cache.Simulation;
using Reflink.Studies.Traces;

namespace Reflink.Studies.Replaying;

/// <summary>Miss-ratio curves: LRU's exactly, at all sizes in one pass; those of other policies by simulations of a sample of the pages.</summary>
public static class CurveStudy
{
    /// <summary>The stack policy, which one pass is enough for.</summary>
    public const string StackPolicy = "lru";

    // A sample of so many pages is off by about half a point.
    private const double SamplePages = 10_000;

    /// <summary>Finds the curves.</summary>
    /// <param name="options">The trace and the policies; sizes, if there are none, are spaced evenly by their logarithm up to the footprint.</param>
    /// <param name="points">How many sizes, then.</param>
    /// <param name="progress">Told how much is done, 0 to 1.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <exception cref="Units.ReflinkException">What <see cref="TraceReplay"/> says.</exception>
    public static (TraceFacts Facts, IReadOnlyList<MissRatioCurve> Curves) Run(ReplayOptions options, int points, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var input = TraceInput.Open(options.Path, isReadAgain: true, cancel);
        var (facts, stack) = Measure(input, options, progress, cancel);
        var sizes = options.Pages.Count > 0 ? [.. options.Pages.Order()] : Spaced(facts.Footprint, points);
        var others = options.Policies.Where(p => p != StackPolicy).ToList();
        var curves = new Dictionary<string, MissRatioCurve>();
        if (options.Policies.Contains(StackPolicy))
        {
            curves[StackPolicy] = stack.Curve(StackPolicy, sizes.Select(s => (long)Math.Max(1, Math.Round(s * facts.Sample)))) with { Sample = facts.Sample };
            curves[StackPolicy] = curves[StackPolicy] with { Points = [.. curves[StackPolicy].Points.Zip(sizes, (point, pages) => (pages, point.MissRatio))] };
        }

        if (others.Count > 0)
        {
            var sample = Math.Min(facts.Sample, SamplePages / facts.Footprint);
            var sampled = options with { Pages = sizes, Policies = others, Trace = options.Trace with { Sample = sample } };
            var rows = TraceReplay.Run(input, sampled, progress, cancel).Rows;
            foreach (var policy in rows.GroupBy(r => r.Policy))
            {
                curves[policy.Key] = new MissRatioCurve(policy.Key, [.. policy.Select(r => (r.Pages, r.MissRatio))], Math.Min(1, sample));
            }
        }

        return (facts, [.. options.Policies.Select(p => curves[p])]);
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

        return (facts.Finish(trace, options.Path), stack);
    }

    private static List<long> Spaced(long footprint, int points)
    {
        var least = Math.Max(1, footprint / 1000.0);
        return [.. Enumerable.Range(0, points).Select(n => (long)Math.Round(least * Math.Pow(footprint / least, n / Math.Max(1.0, points - 1)))).Distinct()];
    }
}
