using System.CommandLine;
using Reflink.Cli.Reporting;
using Reflink.Studies.Merging;

namespace Reflink.Cli.Merging;

/// <summary>One experiment.</summary>
internal sealed class StudyCommand : Command, IHasExamples
{
    private readonly IMergingStudy _study;
    private readonly List<(string Name, Option<long> Option)> _options;
    private readonly ReportOptions _report = new();

    public StudyCommand(IMergingStudy study)
        : base(study.Name, $"Shows {study.Does}.")
    {
        _study = study;
        _options = [.. study.Options.Select(o => (o.Name, OptionKinds.Number($"--{o.Name}", o.Usual, o.Least, o.Most, o.Does)))];
        foreach (var (_, option) in _options)
        {
            Options.Add(option);
        }

        _report.AddTo(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples =>
        [($"reflink ksm run {_study.Name}", _study.Does), ($"reflink ksm run {_study.Name} --{_study.Options[0].Name} {_study.Options[0].Usual * 2} --json", "with another number, for a program to read")];

    private int Run(ParseResult line)
    {
        var options = new StudyOptions(_study, _options.Select(o => (o.Name, line.GetValue(o.Option))));
        using var interruption = new Interruption();
        return interruption.Guard(() =>
        {
            var result = _study.Run(options, interruption.Token);
            _report.Write(line, () => StudyReport.Text(result), () => StudyReport.Json(_study, options, result), () => Csv.Of(result.Tables.Select(Csv.Of)));
            return ExitCode.Success;
        });
    }
}
