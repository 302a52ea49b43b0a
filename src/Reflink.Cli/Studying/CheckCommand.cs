using System.CommandLine;
using Reflink.Cli.Reporting;

namespace Reflink.Cli.Studying;

/// <summary>Looks for mistakes in a study without running it.</summary>
internal sealed class CheckCommand : Command, IHasExamples
{
    private readonly Argument<string> _study = OptionKinds.Word("STUDY", StudyFile.Description);
    private readonly ReportOptions _report = new();

    public CheckCommand()
        : base("check", "Looks for mistakes in a study, names all of them with their places, and runs nothing.")
    {
        Arguments.Add(_study);
        _report.AddTo(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } = [("reflink study check my.yaml", "every mistake, with line, column and remedy")];

    private int Run(ParseResult line)
    {
        var scenario = StudyFile.Read(line.GetValue(_study)!);
        var table = new Machines.SnapshotTable("", ["study", "runs", "parameters", "seeds"], [[scenario.Name, scenario.RunCount, string.Join(' ', scenario.Parameters.Select(p => p.Name)), (long)scenario.Seeds.Count]]);
        _report.Write(line, () => new Report().Table(ReportTable.Of(table)), () => StudyTables.Json("studies", table), () => Csv.Of(table));
        return ExitCode.Success;
    }
}
