using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios.Measures;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>Tells those who watch a run what goes on; without any it does nothing.</summary>
internal sealed class RunWatch(IReadOnlyList<string> metrics, IReadOnlyList<IRunObserver> observers) : IProgress<ExperimentProgress>
{
    /// <summary>The bench of the run.</summary>
    public ExperimentBench Bench { get; set; } = null!;

    /// <summary>A step goes on: between its parts, so that the machine can be looked at.</summary>
    public void Report(ExperimentProgress value)
    {
        if (observers.Count > 0)
        {
            var now = Now();
            foreach (var observer in observers)
            {
                observer.StepGoesOn(value, now);
            }
        }
    }

    /// <summary>A machine was switched on.</summary>
    public void SwitchedOn()
    {
        foreach (var observer in observers)
        {
            observer.SwitchedOn(Bench.Machine);
        }
    }

    /// <summary>Does a step, and what it left for later.</summary>
    public void Do(ExperimentStep step)
    {
        if (observers.Count == 0)
        {
            _ = step.Do(Bench);
            Bench.Machine.Settle();
            return;
        }

        var machine = Bench.Machine;
        var before = Now();
        foreach (var observer in observers)
        {
            observer.StepBegins(step.Text, before);
        }

        try
        {
            var outcome = step.Do(Bench);
            Bench.Machine.Settle();
            Tell(machine, (observer, now) => observer.StepEnds(outcome, now));
        }
        catch (ReflinkException)
        {
            Tell(machine, (observer, now) => observer.StepFails(now));
            throw;
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

    private void Tell(Machine before, Action<IRunObserver, RunMoment> tell)
    {
        if (Bench.Machine != before)
        {
            SwitchedOn();
        }

        var now = Now();
        foreach (var observer in observers)
        {
            tell(observer, now);
        }
    }

    private RunMoment Now() => new(new Moment(Bench), metrics);
}
