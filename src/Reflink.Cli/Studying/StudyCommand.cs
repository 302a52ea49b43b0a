using System.CommandLine;

namespace Reflink.Cli.Studying;

/// <summary>Experiments in files, swept over parameters.</summary>
internal sealed class StudyCommand : Command
{
    public StudyCommand()
        : base("study", "Runs experiments that are written in files, over all values of their parameters.")
    {
        Subcommands.Add(new RunCommand());
        Subcommands.Add(new CheckCommand());
        Subcommands.Add(new ListCommand());
        Subcommands.Add(new ShowCommand());
        Subcommands.Add(new MetricsCommand());
        Subcommands.Add(new SchemaCommand());
    }
}
