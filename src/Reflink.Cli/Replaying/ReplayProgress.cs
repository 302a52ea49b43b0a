using Spectre.Console;

namespace Reflink.Cli.Replaying;

/// <summary>How much of a trace was read.</summary>
internal sealed class ReplayProgress(ProgressTask task) : IProgress<double>
{
    public static ReplayProgress? Of(ProgressContext? context) => context is null ? null : new ReplayProgress(context.AddTask("replaying", maxValue: 1));

    public void Report(double value) => task.Value = value;
}
