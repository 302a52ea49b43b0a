using System.CommandLine;
using Reflink.Cli.Reporting;
using Reflink.Cli.Studying;
using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Scenarios.Measures;

namespace Reflink.Cli.Caching;

/// <summary>Runs steps on files of the user's own and prints who shares which frame.</summary>
internal sealed class CacheCommand : Command, IHasExamples
{
    private readonly StepSource _steps = new();
    private readonly MachineChoice _machines = new();
    private readonly Option<bool> _snapshot = new("--snapshot") { Description = "Print the state of the whole machine, too" };
    private readonly WatchOptions _watch = new();
    private readonly ReportOptions _report = new();

    public CacheCommand()
        : base("cache", $"Runs steps on a new machine and prints what each did, and who shares which frame afterwards.\n\nSteps:\n{Steps()}")
    {
        _steps.AddTo(this);
        _machines.AddTo(this);
        Options.Add(_snapshot);
        _watch.AddTo(this);
        _report.AddTo(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink cache 'import /usr/bin/true a' 'clone a b' 'read a' 'read b' 'write b 0 x'", "a file and its clone, read, and then one page written"),
        ("reflink cache --keying block,inode 'create a 64K' 'clone a b' drop-caches 'read a' 'read b'", "the same with a cache that shares clones' pages and with one that does not, side by side"),
        ("reflink cache --keying block,inode,content 'create a 64K' 'create b 64K' 'fingerprint a' 'fingerprint b' drop-caches 'read a' 'read b'", "two files of equal content, which only the last kind of cache reads through one file's pages"),
        ("reflink cache 'create lib 32K' 'map lib one' 'map lib two' 'load lib two' 'store lib one 4096 hello'", "a page that a process stores to becomes its own"),
        ("reflink cache --perfetto reads.json 'create a 1MiB' drop-caches 'map a p' 'load a p'", "a trace of faults and readahead, which ui.perfetto.dev and speedscope open"),
        ("reflink cache --file steps.txt --memory 1MiB --store /tmp/disk --json", "steps from a file, little memory, the disk in files, and JSON"),
    ];

    /// <summary>All steps, a line each, for help.</summary>
    public static string Steps()
    {
        var width = StepCatalog.Usages.Max(step => step.Usage.Length);
        return string.Join('\n', StepCatalog.Usages.Select(step => $"  {step.Usage.PadRight(width)}  {step.Does}"));
    }

    // Until the first machine is made there is nothing to clean up, so an interrupt ends the process at once.
    private int Run(ParseResult line)
    {
        var steps = _steps.Read(line);
        using var interruption = new Interruption();
        return interruption.Guard(() => Run(line, steps, interruption.Token));
    }

    private int Run(ParseResult line, IReadOnlyList<ExperimentStep> steps, CancellationToken cancel)
    {
        var machines = _machines.Choose(line);
        if (machines.Count > 1 && _watch.IsAsked(line))
        {
            throw new ReflinkException(Units.Errno.EINVAL, "--events and --perfetto write what one machine does; give --keying one kind of cache");
        }

        var results = RunAll(machines, steps, line, cancel);
        var snapshots = line.GetValue(_snapshot);
        if (_watch.TakesOutput(line))
        {
            return ExitCode.Success;
        }

        _report.Write(line, () => CacheReport.Text(results, snapshots), () => CacheReport.Json(results, snapshots), () => CacheReport.Csv(results, snapshots));
        return ExitCode.Success;
    }

    // When a step fails, those before it are printed for people, and then the error. Programs get whole results only.
    private IReadOnlyList<ExperimentResult> RunAll(IReadOnlyList<MachineOptions> machines, IReadOnlyList<ExperimentStep> steps, ParseResult line, CancellationToken cancel)
    {
        var done = new List<(CacheKeying Keying, StepTable Steps)>();
        ExperimentResult RunOne(MachineOptions options, IReadOnlyList<IRunObserver> observers)
        {
            done.Add((options.Keying, new StepTable()));
            return CacheExperiment.Run(options, steps, cancel, [done[^1].Steps, .. observers]);
        }

        try
        {
            return _watch.Run(line, written => TerminalProgress.Show<IReadOnlyList<ExperimentResult>>(context =>
                [.. machines.Select(options => RunOne(options, context is null ? written : [.. written, new CacheProgress(context, KeyingNames.Of(options.Keying))]))]));
        }
        catch (ReflinkException) when (done.Exists(machine => machine.Steps.Rows.Count > 0) && !_report.IsForProgram(line))
        {
            _report.Write(line, () => CacheReport.Text([.. done.Where(machine => machine.Steps.Rows.Count > 0).Select(machine => new MachineSteps(machine.Keying, machine.Steps.Rows))]), () => "", () => "");
            throw;
        }
    }
}
