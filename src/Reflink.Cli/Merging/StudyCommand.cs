using System.CommandLine;
using System.Globalization;
using Reflink.Cli.Reporting;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Sweeps;
using Reflink.Units;

namespace Reflink.Cli.Merging;

/// <summary>One of the studies on merging as a command: its parameters with bounds are options, and its tables are printed.</summary>
internal sealed class StudyCommand : Command, IHasExamples
{
    private readonly Scenario _study;
    private readonly List<(string Name, Option<long> Option)> _options;
    private readonly Option<long> _seed = OptionKinds.Number("--seed", 1, 0, long.MaxValue, "What the random bytes are drawn with");
    private readonly ReportOptions _report = new();

    public StudyCommand(Scenario study)
        : base(study.Name, $"Shows {study.About}.")
    {
        _study = study;
        _options = [.. study.Parameters.Where(p => p.Bounds is not null).Select(p => (p.Name, Number(p)))];
        foreach (var (_, option) in _options)
        {
            Options.Add(option);
        }

        if (study.HasSeeds)
        {
            Options.Add(_seed);
        }

        _report.AddTo(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples =>
    [
        ($"reflink ksm run {_study.Name}", _study.About),
        ($"reflink ksm run {_study.Name} --{_options[0].Name} {Usual(_study.Parameters[0]) * 2} --json", "with another number, for a program to read"),
    ];

    private static Option<long> Number(ScenarioParameter parameter) =>
        OptionKinds.Number($"--{parameter.Name}", Usual(parameter), parameter.Bounds!.Value.Least, parameter.Bounds.Value.Most, parameter.About);

    private static long Usual(ScenarioParameter parameter) => (long)ScenarioParameter.ValueOf(parameter.Texts[0]);

    private int Run(ParseResult line)
    {
        var options = _options.Select(o => KeyValuePair.Create(o.Name, line.GetValue(o.Option))).ToList();
        var study = _study.With(options.Select(o => KeyValuePair.Create<string, IReadOnlyList<string>>(o.Key, [o.Value.ToString(CultureInfo.InvariantCulture)])));
        if (study.HasSeeds)
        {
            options.Add(new("seed", line.GetValue(_seed)));
            study = study.WithSeeds([line.GetValue(_seed)]);
        }

        using var interruption = new Interruption();
        return interruption.Guard(() =>
        {
            var results = study.Plan().AsParallel().AsOrdered().WithCancellation(interruption.Token).Select(plan => study.Run(plan, interruption.Token)).ToList();
            if (results.FirstOrDefault(result => result.Failure is not null) is { } failed)
            {
                throw new ReflinkException(Errno.EIO, $"{failed.Plan}: {failed.Failure}");
            }

            var tables = RunTables.Of(study, results);
            _report.Write(line, () => StudyReport.Text(tables), () => StudyReport.Json(study, options, tables), () => Csv.Of(tables.Tables.Select(t => Csv.Of(t.Table))));
            return ExitCode.Success;
        });
    }
}
