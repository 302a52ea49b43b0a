using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios.Actions;
using Reflink.Studies.Scenarios.Measures;

namespace Reflink.Studies.Scenarios;

/// <summary>Runs steps that were typed, one after the other, as a scenario does, and tells who shares which frame afterwards.</summary>
public static class CacheExperiment
{
    /// <summary>Runs the steps in order, on a machine that is switched off at the end.</summary>
    /// <param name="options">What the machine is made of.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="cancel">Checked before every step, and between the parts of one that moves many bytes.</param>
    /// <param name="observers">Told of what goes on.</param>
    /// <exception cref="ReflinkException">A step failed; the message names it. Or the machine cannot be made.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is left behind.</exception>
    public static ExperimentResult Run(MachineOptions options, IReadOnlyList<ExperimentStep> steps, CancellationToken cancel = default, params IReadOnlyList<IRunObserver> observers)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(observers);
        var figures = new StepTable();
        var watch = new RunWatch([], [figures, .. observers]);
        using var bench = watch.Bench = new ExperimentBench(new Machine(options), watch, cancel);
        watch.SwitchedOn();
        var context = new ActionContext(bench, new SampleSeries([], null), new RunFindings(), [], 0, cancel) { Watch = watch };
        foreach (var step in steps)
        {
            cancel.ThrowIfCancellationRequested();
            context.Do(step);
        }

        var (machine, census) = (bench.Machine, context.Moment.Census);
        return new ExperimentResult(machine.Options.Keying, machine.Cache.FrameCount, figures.Rows, census.Files, census.Runs, machine.Cache.Peak, machine.Snapshot())
        {
            Policy = options.Policy,
            References = options.References,
            Nanoseconds = options.Device is null && options.Dirty is null ? null : context.Moment.Time,
            Merging = [.. bench.Mappings.SelectMany(bench.Explain)],
        };
    }
}
