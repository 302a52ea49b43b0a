using Reflink.Cache.Replacement;
using Reflink.Cache.Simulation;
using Reflink.Studies.Traces;
using Reflink.Units;

namespace Reflink.Studies.Replaying;

/// <summary>Replays a trace under policies and sizes of memory, all in one pass, or two if the optimum has to look ahead first.</summary>
public sealed class TraceReplay
{
    private readonly ReplayOptions _options;
    private readonly TraceInput _input;
    private readonly IProgress<double>? _progress;
    private readonly CancellationToken _cancel;
    private readonly PageAccess[] _batch = new PageAccess[1 << 14];
    private readonly long[] _next = new long[1 << 14];
    private readonly List<(string Policy, long Pages, CacheSimulation Simulation)> _runs = [];
    private NextUses? _uses;
    private long _replayed;

    private TraceReplay(TraceInput input, ReplayOptions options, IProgress<double>? progress, CancellationToken cancel) =>
        (_input, _options, _progress, _cancel) = (input, options, progress, cancel);

    /// <summary>Only counts the trace.</summary>
    /// <exception cref="ReflinkException">What <see cref="Trace.Open"/> and <see cref="Trace.Read"/> say; EINVAL: it touches no page.</exception>
    public static TraceFacts Describe(ReplayOptions options, IProgress<double>? progress = null, CancellationToken cancel = default) =>
        Run(options with { Pages = [], Policies = [] }, progress, cancel).Facts;

    /// <summary>Replays.</summary>
    /// <exception cref="ReflinkException">The same; EINVAL: no policy of a name, a size below a page or above what can be simulated, a warm-up longer than the trace.</exception>
    public static ReplayResult Run(ReplayOptions options, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var input = TraceInput.Open(options.Path, isReadAgain: HasOptimum(options), cancel);
        return Run(input, options, progress, cancel);
    }

    internal static ReplayResult Run(TraceInput input, ReplayOptions options, IProgress<double>? progress, CancellationToken cancel) =>
        new TraceReplay(input, options, progress, cancel).Run();

    private static bool HasOptimum(ReplayOptions options) => options.Policies.Contains(ReplayOptions.Optimum) && options.Pages.Count > 0;

    private ReplayResult Run()
    {
        // Everything that can be refused is, before the first access.
        using var trace = Trace.Of(_input, _options.Trace);
        var hasOptimum = HasOptimum(_options);

        // A trace that is only described is asked when pages are used next, so that it is known whether it tells the truth.
        var next = hasOptimum || _options.Policies.Count == 0 ? _next : [];
        MakeRuns();
        var facts = new FactTaker(_options.Trace.Sample);
        var passes = 1;
        for (int count; (count = trace.Read(_batch, next)) > 0;)
        {
            if (hasOptimum && _uses is null && _next[0] == TraceRequest.Unknown)
            {
                passes = 2;
                _uses = NextUses.Compute(_input, _options.Trace, t => Tell(t, 0, 2));
            }

            facts.Take(_batch.AsSpan(0, count));
            Replay(count);
            Tell(trace, passes - 1, passes);
        }

        var found = facts.Finish(trace, _options.Path);
        if (_options.WarmUp >= found.Sampled)
        {
            throw new ReflinkException(Errno.EINVAL, $"a warm-up of {_options.WarmUp} accesses leaves none of {found.Sampled}; make it shorter");
        }

        return new ReplayResult(found, [.. _runs.Select(run => Row(run, found))]);
    }

    private void MakeRuns()
    {
        foreach (var pages in _options.Pages)
        {
            if (pages is < 1 or > CacheSimulation.Most)
            {
                throw new ReflinkException(Errno.EINVAL, $"memory of {pages} pages; a replay takes 1 to {CacheSimulation.Most} pages of 4,096 bytes");
            }

            var capacity = (int)Math.Max(1, Math.Round(pages * _options.Trace.Sample));
            foreach (var policy in _options.Policies)
            {
                _runs.Add((policy, pages, policy == ReplayOptions.Optimum ? Optimum(capacity) : ReplacementPolicies.Simulate(policy, capacity)));
            }
        }
    }

    // Each asks once an access, in order, from the first of the present batch.
    private CacheSimulation Optimum(int capacity)
    {
        var asked = 0L;
        return CacheSimulation.Of(new BeladyPolicy(() => _uses is null ? _next[(int)(asked++ - _replayed)] : _uses[(int)asked++]), capacity);
    }

    private void Replay(int count)
    {
        var warm = (int)Math.Clamp(_options.WarmUp - _replayed, 0, count);
        foreach (var (_, _, simulation) in _runs)
        {
            _cancel.ThrowIfCancellationRequested();
            if (warm > 0)
            {
                simulation.Run(_batch.AsSpan(0, warm));
                simulation.ResetCounts();
            }

            simulation.Run(_batch.AsSpan(warm, count - warm));
        }

        _cancel.ThrowIfCancellationRequested();
        _replayed += count;
    }

    // A sample that has more accesses than its share has them of pages that are used much, so they count as hits (SHARDS-adj).
    private static ReplayRow Row((string Policy, long Pages, CacheSimulation Simulation) run, TraceFacts facts)
    {
        var counts = run.Simulation.Counts;
        var expected = counts.Accesses * (facts.Accesses * facts.Sample / facts.Sampled);
        return new ReplayRow(run.Policy, run.Pages, run.Simulation.Capacity, facts.Sample == 1 ? counts.MissRatio : Math.Min(1, counts.Misses / expected), counts);
    }

    private void Tell(Trace trace, int pass, int passes)
    {
        _cancel.ThrowIfCancellationRequested();
        _progress?.Report((pass + trace.Progress) / passes);
    }
}
