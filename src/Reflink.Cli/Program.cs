using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Reflink.Studies.Live;

namespace Reflink.Cli;

/// <summary>The reflink command.</summary>
internal static class Program
{
    public static int Main(string[] args) => args is [LiveWorker.Argument] ? LiveWorker.Run() : Failures.Guard(args, () => Run(args));

    private static int Run(string[] args)
    {
        // Who gives no command wants to know what there is.
        var root = Root(args.FirstOrDefault(""));
        root.Action = new HelpWithExamples();
        var result = root.Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (result.Errors.Count > 0 && result.Action is null or ParseErrorAction)
        {
            var name = string.Join(' ', Names(result.CommandResult));
            Failures.Print(ExitCode.Usage, null, $"{UnknownWords.Describe(result)}; '{name} --help' tells more");
            return ExitCode.Usage;
        }

        HostOutput.Require(result);
        return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    // Another command is its file and a line here. No RootCommand: that would be named after the assembly.
    // The experiments of 'ksm run' are files that take a while to read, so they are read for 'ksm' and for the commands that go through all commands.
    internal static Command Root(string? first = null) => new("reflink", "A laboratory for copy-on-write memory: one machine with files, processes, a page cache and code patching.")
    {
        new Compare.CompareCommand(),
        new Sites.SitesCommand(),
        new Patch.PatchCommand(),
        new Caching.CacheCommand(),
        new Merging.KsmCommand(first is null or "ksm" or "man" or "completions" ? Merging.RunCommand.Studies : []),
        new Studying.StudyCommand(),
        new Studying.ReportCommand(),
        new Studying.WatchCommand(),
        new Replaying.ReplayCommand(),
        new Replaying.TraceCommand(),
        new Replaying.RecordCommand(),
        new Volumes.VolumeCommand(),
        new Describing.DeriveCommand(),
        new Completing.CompletionsCommand(),
        new Manual.ManCommand(),
        new VersionOption(),
        new HelpOption("--help", "-h", "-?") { Action = new HelpWithExamples() },
    };

    private static IEnumerable<string> Names(CommandResult? result) =>
        result is null ? [] : [.. Names(result.Parent as CommandResult), result.Command.Name];
}
