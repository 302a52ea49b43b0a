using Spectre.Console;

namespace Reflink.Cli;

/// <summary>Bars on standard error while something takes long, if somebody looks at it.</summary>
internal static class TerminalProgress
{
    /// <summary>Does work that may show bars; with null it must not.</summary>
    public static T Show<T>(Func<ProgressContext?, T> work)
    {
        if (Console.IsErrorRedirected)
        {
            return work(null);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).Start(work);
    }
}
