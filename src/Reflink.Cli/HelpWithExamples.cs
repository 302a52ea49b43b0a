using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Reflink.Cli;

/// <summary>The usual help, then command lines to copy.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private readonly HelpAction _usual = new();

    public override int Invoke(ParseResult parseResult)
    {
        var code = _usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        var examples = Examples(command).ToList();
        if (examples.Count > 0)
        {
            output.WriteLine("Examples:");
        }

        foreach (var (line, does) in examples)
        {
            output.WriteLine($"  {line}");
            output.WriteLine($"      {does}");
        }

        output.WriteLine();
        output.WriteLine($"Exit codes: {string.Join(", ", ExitCode.Meanings.Select(m => $"{m.Code} {m.Meaning}"))}.");
        return code;
    }

    // The root shows the first example of each of its commands.
    private static IEnumerable<(string Line, string Does)> Examples(Command command) => command is IHasExamples own
        ? own.Examples
        : command.Subcommands.OfType<IHasExamples>().Select(c => c.Examples[0]);
}
