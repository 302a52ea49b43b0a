using System.Globalization;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Sweeps;
using Spectre.Console;

namespace Reflink.Cli.Studying;

/// <summary>A sweep as it goes on, on standard error: how many runs are done, how fast, how long it will take, and what the last one found.</summary>
internal sealed class SweepView : IProgress<SweepProgress>
{
    private const int MostText = 60;
    private readonly ProgressTask _task;
    private readonly string _name;

    private SweepView(ProgressContext context, Scenario scenario) => (_name, _task) = (scenario.Name, context.AddTask(Markup.Escape(scenario.Name), maxValue: Math.Max(1, scenario.RunCount)));

    /// <summary>Does work that tells how far it is: to the view on a terminal, and elsewhere to lines.</summary>
    public static T Show<T>(Scenario scenario, bool isQuiet, Func<IProgress<SweepProgress>?, T> work) => isQuiet ? work(null) : TerminalProgress.Show(context =>
    {
        using var lines = context is null ? new SweepLines(TimeProvider.System, Failures.Remark) : null;
        return work(lines ?? (IProgress<SweepProgress>)new SweepView(context!, scenario));
    });

    public void Report(SweepProgress value)
    {
        _task.Value = value.Done;
        var failed = value.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {value.Failed} failed") : "";
        var last = value.Last is { } run ? $": {Short(run)}" : "";
        var speed = _task.Speed is { } rate and > 0 ? string.Create(CultureInfo.InvariantCulture, $", {rate:0.#}/s") : "";
        var left = _task.RemainingTime is { } time ? string.Create(CultureInfo.InvariantCulture, $", {time:hh\\:mm\\:ss} left") : "";
        _task.Description = Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{_name} {value.Done}/{value.Total}{failed}{speed}{left}{last}"));
    }

    private static string Short(RunResult run)
    {
        var found = run.Failure ?? string.Join(' ', run.Values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Key}={v.Value}")));
        var text = $"{run.Plan}: {found}".ReplaceLineEndings(" ");
        return text.Length <= MostText ? text : text[..(MostText - 3)] + "...";
    }
}
