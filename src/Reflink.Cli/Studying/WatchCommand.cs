using System.CommandLine;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Scenarios.Measures;
using Reflink.Studies.Watching;

namespace Reflink.Cli.Studying;

/// <summary>Shows one run of a study while it goes on, and writes what happened in it as events or as a trace.</summary>
internal sealed class WatchCommand : Command, IHasExamples
{
    private readonly Argument<string> _study = OptionKinds.Word("STUDY", StudyFile.Description);
    private readonly SetOption _set = new("The value of a parameter in this run, NAME=VALUE; may be given for several. Others have their first value");
    private readonly TargetOption _events = OptionKinds.Target("--events", "Write every event as a line of JSON, named after the kernel's tracepoint; to standard output if it is a dash");
    private readonly TargetOption _perfetto = OptionKinds.Target("--perfetto", "Write a trace in the Chrome trace event format, which ui.perfetto.dev and speedscope open", "FILE");

    public WatchCommand()
        : base("watch", "Runs the first run of a study, and shows on a terminal what the memory of its machine holds meanwhile; elsewhere it prints a line for each sample.")
    {
        Arguments.Add(_study);
        Options.Add(_set);
        Options.Add(_events);
        Options.Add(_perfetto);
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
        var (plan, events, perfetto) = (scenario.Plan().First(), line.GetValue(_events), line.GetValue(_perfetto));
        using var interruption = new Interruption();
        return interruption.Guard(() =>
        {
            var result = Into(events, lines => Into(perfetto, trace => WatchView.Show(scenario, plan, view =>
            {
                using var written = lines is null ? null : new EventLines(lines);
                using var drawn = trace is null ? null : new ChromeTrace(trace);
                using var metrics = new LiveMetrics(scenario.Name);
                var printed = view is null && events != OptionKinds.Standard ? new SampleLines(Console.Out) : null;
                return scenario.Run(plan, interruption.Token, [.. ((IRunObserver?[])[view, printed, written, drawn, metrics]).OfType<IRunObserver>()]);
            })));
            return result.Failure is { } failure ? Failures.Print(ExitCode.Failure, null, failure) : ExitCode.Success;
        });
    }

    // A file is there when all of it is written, and not before.
    private static RunResult Into(string? path, Func<Stream?, RunResult> work)
    {
        if (path is null)
        {
            return work(null);
        }

        if (path == OptionKinds.Standard)
        {
            using var output = new BufferedStream(Console.OpenStandardOutput());
            return work(output);
        }

        var result = default(RunResult);
        HostOutput.Write(path, stream => result = work(stream));
        return result!;
    }
}
