using System.CommandLine;
using Reflink.Studies.Scenarios;

namespace Reflink.Cli.Merging;

/// <summary>Experiments on samepage merging, and why memory does not merge.</summary>
internal sealed class KsmCommand : Command, IHasExamples
{
    public KsmCommand(IReadOnlyList<Scenario> experiments)
        : base("ksm", "Runs experiments on samepage merging, and tells why memory does not merge.")
    {
        Subcommands.Add(new RunCommand(experiments));
        Subcommands.Add(new ListCommand());
        Subcommands.Add(new ExplainCommand());
    }

    public IReadOnlyList<(string Line, string Does)> Examples =>
        [.. Subcommands.OfType<IHasExamples>().Select(command => command.Examples[0])];
}
