using System.CommandLine;
using Reflink.Cli.Reporting;
using Reflink.Cli.Studying.Clusters;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Sweeps;
using Reflink.Units;

namespace Reflink.Cli.Studying;

/// <summary>Runs a study over all values of its parameters, and leaves its results in a folder.</summary>
internal sealed class RunCommand : Command, IHasExamples
{
    private readonly Argument<string> _study = OptionKinds.Word("STUDY", StudyFile.Description);
    private readonly Option<string?> _out = OptionKinds.Path("--out", "The folder for the results, made if there is none; NAME.results if none is named", "FOLDER");
    private readonly SetOption _set = new("Other values of a parameter: NAME=VALUE,VALUE; may be given for several");
    private readonly Option<int?> _seeds = OptionKinds.OptionalCount("--seeds", "Repeat each run with the seeds 1 to N, whatever the study says");
    private readonly Option<int> _workers = OptionKinds.Count("--workers", Environment.ProcessorCount, "Runs at a time");
    private readonly AccessOptions _access = new(new ClusterOption("Run it on the cluster of these silos instead of here; results are kept here all the same"));
    private readonly Option<bool> _detach = new("--detach") { Description = "With --cluster: hand the study in, print its id, and leave" };
    private readonly Option<bool> _retry = new("--retry") { Description = "Run again what failed before, such as for want of disk space" };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Do not tell how far it is" };
    private readonly ReportOptions _report = new();

    public RunCommand()
        : base("run", "Runs a study over all values of its parameters. Results are kept as they come: the same command goes on where it was interrupted.")
    {
        Arguments.Add(_study);
        Options.Add(_out);
        Options.Add(_set);
        Options.Add(_seeds);
        Options.Add(_workers);
        _access.AddTo(this);
        Options.Add(_detach);
        Options.Add(_retry);
        Options.Add(_quiet);
        _report.AddTo(this);
        Validators.Add(result =>
        {
            if (result.GetResult(_access.Cluster) is not null && result.GetValue(_retry))
            {
                result.AddError("--retry cannot be given with --cluster, which keeps the result of each run for good; 'reflink study run --retry' without it runs here what failed");
            }

            if (result.GetResult(_access.Cluster) is null && result.GetValue(_detach))
            {
                result.AddError("--detach leaves a study to a cluster, so it takes --cluster, too; 'reflink study serve' starts one");
            }
        });
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink study run clones --out /tmp/clones", "clones of a file under shrinking memory"),
        ("reflink study run clones --set memory=1MiB,3MiB --set clones=8 --out /tmp/clones", "the same with other values; what was run before is not run again"),
        ("reflink study run my.yaml --seeds 10 --workers 1 --json", "a study of one's own, ten times, one run at a time"),
        ("reflink study run clones --cluster http://127.0.0.1:7411", "on the cluster that 'reflink study serve' has started"),
    ];

    private int Run(ParseResult line)
    {
        var scenario = StudyFile.Read(line.GetValue(_study)!).With(_set.Values(line));
        scenario = line.GetValue(_seeds) is { } seeds ? scenario.WithSeeds([.. Enumerable.Range(1, seeds).Select(n => (long)n)]) : scenario;
        if (line.GetValue(_detach))
        {
            using var client = _access.Client(line);
            return ClusterView.Detach(client, scenario, line.GetValue(_access.Cluster)!);
        }

        var path = line.GetValue(_out) ?? $"{scenario.Name}.results";
        using var folder = StudyFolder.Open(path, scenario);
        _ = line.GetValue(_retry) ? folder.ForgetFailures(scenario) : 0;
        using var interruption = new Interruption();
        var kept = "no run is done";
        try
        {
            return interruption.Guard(() => SweepEnd.Tell(line, _report, folder, SweepView.Show(scenario, line.GetValue(_quiet), view => Sweep(line, scenario, folder, interruption, new ToldProgress(now =>
            {
                kept = $"{now.Done} of {now.Total} runs are done and kept in '{path}'";
                interruption.Outcome = $"{kept}{(line.GetValue(_access.Cluster) is null ? "" : "; the study goes on on the cluster")}; the same command {(line.GetValue(_access.Cluster) is null ? "goes on from there" : "comes back to it")}";
                view?.Report(now);
            })))));
        }
        catch (IOException e) when ((Errno)e.HResult is Errno.ENOSPC or Errno.EDQUOT)
        {
            throw new ReflinkException((Errno)e.HResult, $"{e.Message.TrimEnd('.')}: {kept}; make room on that disk, and the same command goes on from there", e);
        }
    }

    private SweepSummary Sweep(ParseResult line, Scenario scenario, StudyFolder folder, Interruption interruption, ToldProgress progress)
    {
        if (line.GetValue(_access.Cluster) is null)
        {
            return Studies.Sweeps.Sweep.Run(scenario, folder, line.GetValue(_workers), progress, interruption.Token);
        }

        using var client = _access.Client(line);
        return ClusterView.Run(client, scenario, folder, progress, interruption);
    }
}
