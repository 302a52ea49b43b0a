using System.CommandLine;
using Reflink.Cli.Reporting;
using Reflink.Studies.Scenarios;

namespace Reflink.Cli.Studying;

/// <summary>The studies that come with the program.</summary>
internal sealed class ListCommand : Command, IHasExamples
{
    private readonly ReportOptions _report = new();

    public ListCommand()
        : base("list", "Lists the studies that come with the program.")
    {
        _report.AddTo(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } = [("reflink study list", "their names, how many runs each has, and what it asks")];

    private int Run(ParseResult line)
    {
        var studies = ShippedStudies.Names.Select(ShippedStudies.Get);
        var table = new Machines.SnapshotTable("", ["study", "runs", "about"], [.. studies.Select(s => (IReadOnlyList<object?>)[s.Name, s.RunCount, s.About.ReplaceLineEndings(" ")])]);
        _report.Write(line, () => new Report().Table(ReportTable.Of(table)), () => StudyTables.Json("studies", table), () => Csv.Of(table));
        return ExitCode.Success;
    }
}
