using System.CommandLine;
using System.Text.Json;
using Reflink.Cli.Reporting;

namespace Reflink.Cli.Merging;

/// <summary>Says which experiments on merging there are.</summary>
internal sealed class ListCommand : Command, IHasExamples
{
    private readonly ReportOptions _report = new();

    public ListCommand()
        : base("list", "Lists the experiments.")
    {
        _report.AddTo(this);
        SetAction(List);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } = [("reflink ksm list", "what 'reflink ksm run' takes")];

    private int List(ParseResult line)
    {
        var studies = RunCommand.Studies.Select(study => new { study.Name, Does = study.About });
        _report.Write(
            line, () => new Report().Facts(studies.Select(study => (study.Name, (object)study.Does))),
            () => JsonSerializer.Serialize(studies, JsonFormat.Options) + "\n", () => Csv.Of(studies));
        return ExitCode.Success;
    }
}
