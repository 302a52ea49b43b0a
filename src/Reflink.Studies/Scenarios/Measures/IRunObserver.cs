using Reflink.Studies.Experiments;

namespace Reflink.Studies.Scenarios.Measures;

/// <summary>Watches a run of a scenario while it goes on. It may look at the machine, and must not change it.</summary>
public interface IRunObserver
{
    /// <summary>A machine was switched on: at the beginning, and again after each crash.</summary>
    void SwitchedOn(Machine machine);

    /// <summary>A step begins.</summary>
    /// <param name="step">The step as it is written, with values in it.</param>
    /// <param name="now">The run before it.</param>
    void StepBegins(string step, RunMoment now);

    /// <summary>The step that began last goes on: a pass is over, or some more bytes have moved. Steps that do all at once do not tell.</summary>
    /// <param name="done">How far it is.</param>
    /// <param name="now">The run at that moment.</param>
    void StepGoesOn(ExperimentProgress done, RunMoment now)
    {
    }

    /// <summary>The step that began last has ended.</summary>
    /// <param name="outcome">What there is to say of it, such as the bytes that were read; null if nothing.</param>
    /// <param name="now">The run after it.</param>
    void StepEnds(string? outcome, RunMoment now);

    /// <summary>The step that began last has failed.</summary>
    void StepFails(RunMoment now) => StepEnds(null, now);

    /// <summary>A row of everything that the scenario measures was taken.</summary>
    /// <param name="label">What the scenario calls the moment; empty if time alone chose it.</param>
    /// <param name="now">The run at that moment.</param>
    void Sampled(string label, RunMoment now);
}
