namespace Reflink.Studies.Experiments;

/// <summary>Runs steps on a new machine and tells who shares which frame afterwards.</summary>
public static class CacheExperiment
{
    /// <summary>Runs the steps in order, on a machine that is switched off at the end.</summary>
    /// <param name="options">What the machine is made of.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="progress">Told how far a step is that moves many bytes.</param>
    /// <param name="cancel">Checked before every step, and between the parts of one that moves many bytes.</param>
    /// <exception cref="ReflinkException">A step failed; the message names it. Or the machine cannot be made.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is left behind.</exception>
    public static ExperimentResult Run(
        MachineOptions options, IReadOnlyList<ExperimentStep> steps, IProgress<ExperimentProgress>? progress = null, CancellationToken cancel = default) =>
        Run(options, steps, _ => { }, progress, cancel);

    /// <summary>As above, for those who want to know what was done before a step failed.</summary>
    /// <param name="options">What the machine is made of.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="done">Told of each step when it has succeeded.</param>
    /// <param name="progress">Told how far a step is that moves many bytes.</param>
    /// <param name="cancel">Checked before every step, and between the parts of one that moves many bytes.</param>
    /// <exception cref="ReflinkException">A step failed; the message names it. Or the machine cannot be made.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is left behind.</exception>
    public static ExperimentResult Run(
        MachineOptions options, IReadOnlyList<ExperimentStep> steps, Action<StepFigures> done, IProgress<ExperimentProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(done);
        using var bench = new ExperimentBench(new Machine(options), progress, cancel);
        var figures = new List<StepFigures>();
        var begin = bench.Machine.Clock.Now;
        foreach (var step in steps)
        {
            cancel.ThrowIfCancellationRequested();
            var (reads, writes) = bench.Machine.StoreCalls;
            var evicted = bench.Machine.Cache.Evictions;
            var outcome = step.Do(bench);
            bench.Machine.Settle();
            figures.Add(new StepFigures(
                step.Text, outcome, bench.Machine.Cache.Resident, bench.Machine.Cache.DirtyFrames,
                bench.Machine.StoreCalls.Reads - reads, bench.Machine.StoreCalls.Writes - writes, bench.Machine.Cache.Evictions - evicted));
            done(figures[^1]);
        }

        var census = new OwnerCensus(bench);
        return new ExperimentResult(
            bench.Machine.Options.Keying, bench.Machine.Cache.FrameCount, figures, census.Files, census.Runs, bench.Machine.Cache.Peak, bench.Machine.Snapshot())
        {
            Policy = options.Policy,
            References = options.References,
            Nanoseconds = options.Device is null && options.Dirty is null ? null : bench.Machine.Clock.Now - begin,
            Merging = [.. bench.Mappings.SelectMany(bench.Explain)],
        };
    }
}
