using System.CommandLine;
using Reflink.Studies.Scenarios.Measures;
using Reflink.Studies.Watching;

namespace Reflink.Cli.Studying;

/// <summary>Shows one run of a study while it goes on, and writes what happened in it as events or as a trace.</summary>
internal sealed class WatchCommand : Command, IHasExamples
{
    private readonly Argument<string> _study = OptionKinds.Word("STUDY", StudyFile.Description);
    private readonly SetOption _set = new("The value of a parameter in this run, NAME=VALUE; may be given for several. Others have their first value");
    private readonly WatchOptions _watch = new();

    public WatchCommand()
        : base("watch", "Runs the first run of a study, and shows on a terminal what the memory of its machine holds meanwhile; elsewhere it prints a line for each sample.")
    {
        Arguments.Add(_study);
        Options.Add(_set);
        _watch.AddTo(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink watch merging", "frames by kind and what the study measures, as simulated time passes"),
        ("reflink watch clones --set memory=512K --perfetto clones.json", "a trace of processes, daemons, faults and reclaim"),
        ("reflink watch clones --events - | grep page_fault_user", "the faults of a run, a line each"),
    ];

    private int Run(ParseResult line)
    {
        var scenario = StudyFile.Read(line.GetValue(_study)!).With(_set.Values(line));
        var plan = scenario.Plan().First();
        using var interruption = new Interruption();
        return interruption.Guard(() =>
        {
            var result = _watch.Run(line, written => WatchView.Show(scenario, plan, view =>
            {
                using var metrics = new LiveMetrics(scenario.Name);
                var printed = view is null && !_watch.TakesOutput(line) ? new SampleLines(Console.Out) : null;
                return scenario.Run(plan, interruption.Token, [.. ((IRunObserver?[])[view, printed, metrics]).OfType<IRunObserver>(), .. written]);
            }));
            return result.Failure is { } failure ? Failures.Print(ExitCode.Failure, null, failure) : ExitCode.Success;
        });
    }
}
