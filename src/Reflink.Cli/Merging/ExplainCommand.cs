using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Reflink.Cli.Caching;
using Reflink.Cli.Reporting;
using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios;

namespace Reflink.Cli.Merging;

/// <summary>Runs steps on files of the user's own, as 'reflink cache' does, and tells of every page that a process maps why it does not merge.</summary>
internal sealed class ExplainCommand : Command, IHasExamples
{
    private readonly StepSource _steps = new();
    private readonly MachineChoice _machines = new();
    private readonly ReportOptions _report = new();

    public ExplainCommand()
        : base("explain", $"Runs steps on a new machine, and tells of all pages that processes map why they do not merge.\n\nSteps:\n{CacheCommand.Steps()}")
    {
        _steps.AddTo(this);
        _machines.AddTo(this);
        _report.AddTo(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink ksm explain 'import /usr/bin/true t' 'map t one' 'map t two' 'store t one 0 x' 'store t two 0 x' 'advise t one' 'advise t two' 'pass 2'", "a binary patched alike in two processes, and two passes of ksmd"),
        ("reflink ksm explain 'create lib 16K' 'share lib one' 'advise lib one' pass", "memory that never merges"),
        ("reflink ksm explain --file steps.txt --json", "steps from a file, and JSON"),
    ];

    private int Run(ParseResult line)
    {
        var steps = _steps.Read(line);
        using var interruption = new Interruption();
        return interruption.Guard(() =>
        {
            if (_machines.Choose(line) is not [var machine])
            {
                throw new ReflinkException(Units.Errno.EINVAL, "one machine is explained; give --keying one kind of cache");
            }

            var answers = TerminalProgress.Show(context => CacheExperiment.Run(
                machine, steps, interruption.Token, context is null ? [] : [new CacheProgress(context, KeyingNames.Of(machine.Keying))])).Merging
                .Select(e => e.Partition?.Length == 0 ? e with { Partition = "ksm" } : e).ToList();
            _report.Write(line, () => Text(answers), () => JsonSerializer.Serialize(answers, JsonFormat.Options) + "\n", () => Csv.Of(answers));
            return ExitCode.Success;
        });
    }

    private static Report Text(List<MappingExplanation> answers) => answers.Count == 0
        ? new Report().Note("no process maps anything; add a step such as 'map NAME PROCESS'")
        : new Report().Table(new("", ["process", "file", "pages", "partition", "why"], [.. answers.Select(e => (IReadOnlyList<object?>)
        [
            e.Process, e.File, string.Create(CultureInfo.InvariantCulture, $"[{e.FirstPage},{e.FirstPage + e.Count})"), e.Partition, e.Sentence,
        ])]));
}
