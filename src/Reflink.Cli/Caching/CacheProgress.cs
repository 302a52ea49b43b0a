using Reflink.Studies.Experiments;
using Spectre.Console;

namespace Reflink.Cli.Caching;

/// <summary>Shows how far a step is that moves many bytes; the others are over before anybody has read their name.</summary>
internal sealed class CacheProgress(ProgressContext context, string keying) : IProgress<ExperimentProgress>
{
    private const long Much = 64 << 20;
    private ProgressTask? _task;
    private string _step = "";

    public void Report(ExperimentProgress value)
    {
        if (value.Total < Much)
        {
            return;
        }

        if (_step != value.Step || _task is null or { IsFinished: true })
        {
            _task?.StopTask();
            (_step, _task) = (value.Step, context.AddTask(Markup.Escape($"{value.Step}, keyed by {keying}"), maxValue: value.Total));
        }

        _task.Value = value.Done;
    }
}
