using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios.Measures;
using Spectre.Console;

namespace Reflink.Cli.Caching;

/// <summary>Shows how far a step is that takes long; the others are over before anybody has read their name.</summary>
internal sealed class CacheProgress(ProgressContext context, string keying) : IRunObserver
{
    private const long ManyBytes = 64 << 20;
    private const long ManyPasses = 100;
    private ProgressTask? _task;
    private string _step = "";

    public void SwitchedOn(Machine machine)
    {
    }

    public void StepBegins(string step, RunMoment now)
    {
    }

    public void StepGoesOn(ExperimentProgress done, RunMoment now)
    {
        if (done.Total < (done.Unit == ExperimentProgress.Bytes ? ManyBytes : ManyPasses))
        {
            return;
        }

        if (_step != done.Step || _task is null or { IsFinished: true })
        {
            _task?.StopTask();
            (_step, _task) = (done.Step, context.AddTask(Markup.Escape($"{done.Step}, keyed by {keying}"), maxValue: done.Total));
        }

        _task.Value = done.Done;
        if (done.Unit != ExperimentProgress.Bytes)
        {
            // A bar of a million passes stands still.
            _task.Description = Markup.Escape($"{done.Done:n0} of {done.Total:n0} {done.Unit}, keyed by {keying}");
        }
    }

    public void StepEnds(string? outcome, RunMoment now)
    {
    }

    public void Sampled(string label, RunMoment now)
    {
    }
}
