using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios.Measures;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>Tells those who watch a run what goes on; without any it does nothing.</summary>
internal sealed class RunWatch(ExperimentBench bench, IReadOnlyList<string> metrics, IReadOnlyList<IRunObserver> observers)
{
    /// <summary>A machine was switched on.</summary>
    public void SwitchedOn()
    {
        foreach (var observer in observers)
        {
            observer.SwitchedOn(bench.Machine);
        }
    }

    /// <summary>Does a step.</summary>
    public void Do(ExperimentStep step)
    {
        if (observers.Count == 0)
        {
            _ = step.Do(bench);
            return;
        }

        var machine = bench.Machine;
        var before = Now();
        foreach (var observer in observers)
        {
            observer.StepBegins(step.Text, before);
        }

        try
        {
            _ = step.Do(bench);
        }
        finally
        {
            if (bench.Machine != machine)
            {
                SwitchedOn();
            }

            var after = Now();
            foreach (var observer in observers)
            {
                observer.StepEnds(after);
            }
        }
    }

    /// <summary>A row was taken.</summary>
    public void Sampled(string label, Moment moment)
    {
        var now = new RunMoment(moment, metrics);
        foreach (var observer in observers)
        {
            observer.Sampled(label, now);
        }
    }

    private RunMoment Now() => new(new Moment(bench), metrics);
}
