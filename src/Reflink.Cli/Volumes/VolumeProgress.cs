using Spectre.Console;

namespace Reflink.Cli.Volumes;

/// <summary>Shows how far the copying of a file has come, if somebody looks, and ends it when it is interrupted.</summary>
internal sealed class VolumeProgress(ProgressContext? context, CancellationToken cancel) : IProgress<long>
{
    private ProgressTask? _task;

    /// <summary>Says what is copied and how long it is, in bytes.</summary>
    public VolumeProgress Of(string what, long length)
    {
        _task = context?.AddTask(Markup.Escape(what), maxValue: Math.Max(1, length));
        return this;
    }

    /// <inheritdoc/>
    public void Report(long value)
    {
        cancel.ThrowIfCancellationRequested();
        if (_task is { } task)
        {
            task.Value = value;
        }
    }
}
