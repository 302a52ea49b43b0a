using System.CommandLine;

namespace Reflink.Cli.Describing;

/// <summary>What can be done with descriptions of changes without a volume.</summary>
internal sealed class DeriveCommand : Command, IHasExamples
{
    public DeriveCommand()
        : base("derive", "Makes, shows, checks, converts, applies and re-bases descriptions of how a file is made from others; 'reflink volume derive' makes a file of one.")
    {
        foreach (var command in (Command[])[new DiffCommand(), new ShowCommand(), new CheckCommand(), new ConvertCommand(), new ApplyCommand(), new RebaseCommand()])
        {
            Subcommands.Add(command);
        }
    }

    public IReadOnlyList<(string Line, string Does)> Examples =>
        [.. Subcommands.OfType<IHasExamples>().Select(command => command.Examples[0])];
}
