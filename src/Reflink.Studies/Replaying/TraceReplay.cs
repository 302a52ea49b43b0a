using System.Globalization;
using Reflink.Cache.Policies;
using Reflink.Cache.Policies.Linux;
using Reflink.Cache.Simulation;
using Reflink.Studies.Traces;
using Reflink.Studies.Traces.Formats;
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
    private readonly List<PolicyRun> _runs = [];
    private NextUses? _uses;
    private long _replayed;
    private int _pass;
    private int _passes = 2;

    private TraceReplay(TraceInput input, ReplayOptions options, IProgress<double>? progress, CancellationToken cancel) =>
        (_input, _options, _progress, _cancel) = (input, options, progress, cancel);

    /// <summary>Only counts the trace.</summary>
    /// <exception cref="ReflinkException">What <see cref="Trace.Open"/> and <see cref="Trace.Read"/> say; EINVAL: it touches no page.</exception>
    public static TraceFacts Describe(ReplayOptions options, IProgress<double>? progress = null, CancellationToken cancel = default) =>
        Run(options with { Pages = [], Policies = [] }, progress, cancel).Facts;

    /// <summary>Replays.</summary>
    /// <exception cref="ReflinkException">The same; EINVAL: no policy of a name, a size below a page or above what can be simulated, a warm-up longer than the trace;
    /// ENOMEM: the simulations do not fit into this process, which is found before the first access where that can be.</exception>
    public static ReplayResult Run(ReplayOptions options, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var input = TraceInput.Open(options.Path, isReadAgain: HasOptimum(options) || ReadsAhead(options), cancel);
        return Run(input, options, progress, cancel);
    }

    internal static ReplayResult Run(TraceInput input, ReplayOptions options, IProgress<double>? progress, CancellationToken cancel)
    {
        try
        {
            return new TraceReplay(input, options, progress, cancel).Run();
        }
        catch (OutOfMemoryException e)
        {
            throw MemoryNeed.Exceeded(options, $"that does not fit: {e.Message}", e);
        }
    }

    private static bool HasOptimum(ReplayOptions options) => options.Policies.Contains(ReplayOptions.Optimum) && options.Pages.Count > 0;

    // Pages of a sample have lost their neighbours.
    private static bool ReadsAhead(ReplayOptions options) =>
        options.Policies.Contains(ReplayOptions.Kernel) && options.Pages.Count > 0 && options.ReadaheadPages > 0 && options.Trace.Sample == 1;

    private ReplayResult Run()
    {
        // Everything that can be refused is, before the first access.
        using var trace = Trace.Of(_input, _options.Trace);
        MakeRuns(trace);
        var hasOptimum = HasOptimum(_options);

        // A trace that is only described is asked when pages are used next, so that it is known whether it tells the truth.
        var next = hasOptimum || _options.Policies.Count == 0 ? _next : [];
        var facts = new FactTaker(_options.Trace.Sample);
        for (int count; (count = trace.Read(_batch, next)) > 0;)
        {
            if (hasOptimum && _uses is null && _next[0] == TraceRequest.Unknown)
            {
                _passes++;
                _uses = NextUses.Compute(_input, _options.Trace, Tell);
                _pass++;
            }

            facts.Take(_batch.AsSpan(0, count));
            Replay(count);
            Tell(trace);
        }

        var found = facts.Finish(trace, _input.Path);
        if (_options.WarmUp >= found.Sampled)
        {
            throw new ReflinkException(Errno.EINVAL, $"a warm-up of {Counted.Of(_options.WarmUp, "access", "accesses")} leaves none of {found.Sampled}; make it shorter");
        }

        found = found with { Notes = [.. found.Notes, .. KernelNotes(trace)] };
        return new ReplayResult(found, [.. _runs.Select(run => Row(run, found))]);
    }

    private IEnumerable<string> KernelNotes(Trace trace)
    {
        if (!_options.Policies.Contains(ReplayOptions.Kernel) || _options.Pages.Count == 0)
        {
            yield break;
        }

        if (_options.Trace.Sample < 1)
        {
            yield return "linux with a sample is a kernel with as much less memory, and no smaller picture of it: it still frees 32 pages at a time, takes 64, and reads nothing ahead";
        }
        else if (!trace.HasNeighbours)
        {
            yield return "linux reads nothing ahead, as the objects of this trace have no neighbours";
        }
        else
        {
            yield return _options.ReadaheadPages == 0 ? "linux reads nothing ahead"
                : string.Create(CultureInfo.InvariantCulture, $"linux reads ahead up to {_options.ReadaheadPages << (Page.Shift - 10)} KiB; a miss is an access that had to wait");
        }
    }

    private void MakeRuns(Trace trace)
    {
        foreach (var pages in _options.Pages)
        {
            if (pages is < 1 or > CacheSimulation.MaxCapacity)
            {
                throw new ReflinkException(Errno.EINVAL, $"memory of {Counted.Of(pages, "page")}; a replay takes 1 to {CacheSimulation.MaxCapacity} pages of 4,096 bytes");
            }
        }

        MemoryNeed.Require(_options);
        var ends = ReadsAhead(_options) && trace.HasNeighbours ? FileEnds.Compute(_input, _options.Trace, Tell) : null;
        (_pass, _passes) = ends is null ? (0, 1) : (1, 2);
        foreach (var pages in _options.Pages)
        {
            foreach (var policy in _options.Policies)
            {
                _runs.Add(policy switch
                {
                    ReplayOptions.Optimum => new PolicyRun(policy, pages, Optimum(Capacity(pages))),
                    ReplayOptions.Kernel => Kernel(pages, ends),
                    _ => new PolicyRun(policy, pages, ReplacementPolicies.Simulate(policy, Capacity(pages))),
                });
            }
        }
    }

    private int Capacity(long pages) => MemoryNeed.Capacity(_options, pages);

    private PolicyRun Kernel(long pages, FileEnds? ends)
    {
        var capacity = Capacity(pages);
        var simulation = CacheSimulation.Of(new LinuxPolicy(capacity, new LinuxOptions { FlushInterval = _options.FlushInterval }), capacity);
        return new PolicyRun(ReplayOptions.Kernel, pages, simulation, ends is null ? null : new LinuxFiles(simulation, ends.Of, _options.ReadaheadPages));
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
        foreach (var run in _runs)
        {
            _cancel.ThrowIfCancellationRequested();
            if (warm > 0)
            {
                run.Run(_batch.AsSpan(0, warm));
                run.ResetCounts();
            }

            run.Run(_batch.AsSpan(warm, count - warm));
        }

        _cancel.ThrowIfCancellationRequested();
        _replayed += count;
    }

    // A sample that has more accesses than its share has them of pages that are used much, so they count as hits (SHARDS-adj).
    private static ReplayRow Row(PolicyRun run, TraceFacts facts)
    {
        var counts = run.Counts;
        var expected = counts.Accesses * (facts.Accesses * facts.Sample / facts.Sampled);
        return new ReplayRow(run.Policy, run.Pages, run.Capacity, facts.Sample == 1 ? counts.MissRatio : Math.Min(1, counts.Misses / expected), counts);
    }

    private void Tell(Trace trace)
    {
        _cancel.ThrowIfCancellationRequested();
        _progress?.Report((_pass + trace.Progress) / _passes);
    }
}
