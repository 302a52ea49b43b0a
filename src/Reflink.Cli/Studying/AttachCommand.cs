using System.CommandLine;
using Reflink.Cli.Reporting;
using Reflink.Cli.Studying.Clusters;
using Reflink.Studies.Clusters;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Sweeps;
using Reflink.Units;

namespace Reflink.Cli.Studying;

/// <summary>Comes back to a study that a cluster runs.</summary>
internal sealed class AttachCommand : Command, IHasExamples
{
    private readonly Argument<string> _id = OptionKinds.Word("ID", "The study, as 'reflink study run --detach' printed it and 'reflink study list --cluster' lists it");
    private readonly AccessOptions _access = new(new ClusterOption("The cluster that runs it") { Required = true });
    private readonly Option<string?> _out = OptionKinds.Path("--out", "The folder for the results, made if there is none; NAME.results if none is named", "FOLDER");
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Do not tell how far it is" };
    private readonly ReportOptions _report = new();

    public AttachCommand()
        : base("attach", "Comes back to a study on a cluster: keeps its results here as they come, and ends as 'reflink study run' does.")
    {
        Arguments.Add(_id);
        _access.AddTo(this);
        Options.Add(_out);
        Options.Add(_quiet);
        _report.AddTo(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
        [("reflink study attach clones-ac407ce32631 --cluster http://127.0.0.1:7411", "results are in clones.results in the end")];

    private int Run(ParseResult line)
    {
        using var client = _access.Client(line);
        var scenario = Find(client, line.GetValue(_id)!);
        var path = line.GetValue(_out) ?? $"{scenario.Name}.results";
        using var folder = StudyFolder.Open(path, scenario);
        using var interruption = new Interruption();
        return interruption.Guard(() => SweepEnd.Tell(line, _report, folder, SweepView.Show(scenario, line.GetValue(_quiet), view => ClusterView.Attach(
            client, scenario, folder,
            new ToldProgress(now =>
            {
                interruption.Outcome = $"{now.Done} of {now.Total} runs are done and kept in '{path}'; the study goes on on the cluster; the same command comes back to it";
                view?.Report(now);
            }),
            interruption))));
    }

    private static Scenario Find(ClusterClient client, string id)
    {
        var study = client.Find(id).GetAwaiter().GetResult();
        if (study.Version != StudySubmission.ThisVersion)
        {
            throw new ReflinkException(Errno.ESTALE, $"study {id} was handed in by reflink {study.Version} and this is {StudySubmission.ThisVersion}; use that version to come back to it");
        }

        var scenario = study.ToScenario();
        return StudySubmission.Of(scenario).Id == id ? scenario
            : throw new ReflinkException(Errno.ESTALE, $"study {id} reads files that are others here or are not there; come back to it on the machine that handed it in, or copy them to the same paths");
    }
}
