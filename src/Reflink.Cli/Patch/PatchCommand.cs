using System.CommandLine;

namespace Reflink.Cli.Patch;

/// <summary>What can be done with patch-set files.</summary>
internal sealed class PatchCommand : Command, IHasExamples
{
    public PatchCommand()
        : base("patch", "Makes, shows, checks and converts patch-set files, such as 'reflink compare --save-patches' writes.")
    {
        Subcommands.Add(new MakeCommand());
        Subcommands.Add(new ShowCommand());
        Subcommands.Add(new CheckCommand());
        Subcommands.Add(new ConvertCommand());
    }

    public IReadOnlyList<(string Line, string Does)> Examples =>
        [.. Subcommands.OfType<IHasExamples>().Select(command => command.Examples[0])];
}
