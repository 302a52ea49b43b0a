using System.CommandLine;
using Reflink.Machines;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Scenarios.Measures;

namespace Reflink.Cli.Studying;

/// <summary>Experiments in files, swept over parameters.</summary>
internal sealed class StudyCommand : Command
{
    public StudyCommand()
        : base("study", "Runs experiments that are written in files, over all values of their parameters.")
    {
        Subcommands.Add(new RunCommand());
        Subcommands.Add(new Clusters.ServeCommand());
        Subcommands.Add(new AttachCommand());
        Subcommands.Add(new Clusters.CancelCommand());
        Subcommands.Add(new CheckCommand());
        Subcommands.Add(new ListCommand(Studies));
        Subcommands.Add(new ShowCommand());
        Subcommands.Add(new TableCommand("metrics", "Lists everything that a study can measure.", "every name with its meaning", "metrics", Metrics));
        Subcommands.Add(new SchemaCommand());
    }

    private static SnapshotTable Studies() =>
        new("", ["study", "runs", "about"], [.. ShippedStudies.Names.Select(ShippedStudies.Get).Select(s => (IReadOnlyList<object?>)[s.Name, s.RunCount, s.About.ReplaceLineEndings(" ")])]);

    private static SnapshotTable Metrics() => new("", ["metric", "meaning"], [.. MetricCatalog.All.Select(m => (IReadOnlyList<object?>)[m.Name, m.Does])]);
}
