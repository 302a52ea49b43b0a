using System.CommandLine;
using Reflink.Cli.Reporting;
using Reflink.Studies.Scenarios.Measures;

namespace Reflink.Cli.Studying;

/// <summary>Everything that a study can measure.</summary>
internal sealed class MetricsCommand : Command, IHasExamples
{
    private readonly ReportOptions _report = new();

    public MetricsCommand()
        : base("metrics", "Lists everything that a study can measure.")
    {
        _report.AddTo(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } = [("reflink study metrics", "every name with its meaning")];

    private int Run(ParseResult line)
    {
        var table = new Machines.SnapshotTable("", ["metric", "meaning"], [.. MetricCatalog.All.Select(m => (IReadOnlyList<object?>)[m.Name, m.Does])]);
        _report.Write(line, () => new Report().Table(ReportTable.Of(table)), () => StudyTables.Json("metrics", table), () => Csv.Of(table));
        return ExitCode.Success;
    }
}
