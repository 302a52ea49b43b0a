using Reflink.Studies.Comparison;
using Spectre.Console;

namespace Reflink.Cli.Compare;

/// <summary>Shows on standard error, if somebody looks at it, how far the comparison is.</summary>
internal sealed class CompareProgress : IProgress<ComparisonProgress>
{
    private readonly ProgressContext _context;
    private ProgressTask? _task;
    private string _title = "";

    private CompareProgress(ProgressContext context) => _context = context;

    public static T Show<T>(Func<IProgress<ComparisonProgress>?, T> work) =>
        TerminalProgress.Show(context => work(context is null ? null : new CompareProgress(context)));

    public void Report(ComparisonProgress value)
    {
        var title = $"{value.Mechanism}, {(value.IsTight ? "a quarter of the memory" : "ample memory")}";
        if (title != _title)
        {
            _task?.StopTask();
            (_title, _task) = (title, _context.AddTask(title, maxValue: value.Total));
        }

        _task!.Value = value.Done;
    }
}
