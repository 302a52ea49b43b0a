using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Reflink.Cli;

/// <summary>The reflink command.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        var result = Root().Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (result.Errors.Count > 0 && result.Action is null or ParseErrorAction)
        {
            var name = string.Join(' ', Names(result.CommandResult));
            Failures.Print($"{result.Errors[^1].Message.TrimEnd('.')}; '{name} --help' tells more");
            return ExitCode.Usage;
        }

        return Failures.Guard(() => result.Invoke(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        }));
    }

    // Another command is its file and a line here.
    private static RootCommand Root()
    {
        var root = new RootCommand("A laboratory for copy-on-write memory: one machine with files, processes, a page cache and code patching.")
        {
            new Compare.CompareCommand(),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    private static IEnumerable<string> Names(System.CommandLine.Parsing.CommandResult? result) => result is null
        ? []
        : [.. Names(result.Parent as System.CommandLine.Parsing.CommandResult), result.Command is RootCommand ? "reflink" : result.Command.Name];
}
