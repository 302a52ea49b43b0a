using Reflink.Studies.Experiments;
using Spectre.Console;

namespace Reflink.Cli.Caching;

/// <summary>Shows how far a step is that takes long; the others are over before anybody has read their name.</summary>
internal sealed class CacheProgress(ProgressContext context, string keying) : IProgress<ExperimentProgress>
{
    private const long ManyBytes = 64 << 20;
    private const long ManyPasses = 100;
    private ProgressTask? _task;
    private string _step = "";

    public void Report(ExperimentProgress value)
    {
        if (value.Total < (value.Unit == ExperimentProgress.Bytes ? ManyBytes : ManyPasses))
        {
            return;
        }

        if (_step != value.Step || _task is null or { IsFinished: true })
        {
            _task?.StopTask();
            (_step, _task) = (value.Step, context.AddTask(Markup.Escape($"{value.Step}, keyed by {keying}"), maxValue: value.Total));
        }

        _task.Value = value.Done;
        if (value.Unit != ExperimentProgress.Bytes)
        {
            // A bar of a million passes stands still.
            _task.Description = Markup.Escape($"{value.Done:n0} of {value.Total:n0} {value.Unit}, keyed by {keying}");
        }
    }
}
