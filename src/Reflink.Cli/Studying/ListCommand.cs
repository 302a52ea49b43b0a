using System.CommandLine;
using Reflink.Cli.Reporting;
using Reflink.Cli.Studying.Clusters;
using Reflink.Machines;

namespace Reflink.Cli.Studying;

/// <summary>Lists the studies that come with the program, or those that a cluster has.</summary>
internal sealed class ListCommand : Command, IHasExamples
{
    private readonly Func<SnapshotTable> _shipped;
    private readonly AccessOptions _access = new(new ClusterOption("List the studies of this cluster instead: how far each is"));
    private readonly ReportOptions _report = new();

    public ListCommand(Func<SnapshotTable> shipped)
        : base("list", "Lists the studies that come with the program, or those that a cluster has.")
    {
        _shipped = shipped;
        _access.AddTo(this);
        _report.AddTo(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink study list", "their names, how many runs each has, and what it asks"),
        ("reflink study list --cluster http://127.0.0.1:7411", "what the cluster runs and has run, and how far it is"),
    ];

    private int Run(ParseResult line)
    {
        var table = line.GetValue(_access.Cluster) is null ? _shipped() : On(line);
        _report.Write(line, () => new Report().Table(ReportTable.Of(table)), () => StudyTables.Json("studies", table), () => Csv.Of(table));
        return ExitCode.Success;
    }

    private SnapshotTable On(ParseResult line)
    {
        using var client = _access.Client(line);
        var studies = client.List().GetAwaiter().GetResult();
        return new SnapshotTable(
            "", ["study", "state", "runs", "done", "failed", "leased", "repeated", "workers"],
            [.. studies.Select(s => (IReadOnlyList<object?>)[s.Id, s.State.ToString().ToLowerInvariant(), s.Total, s.Done, s.Failed, s.Leased, s.Repeated, (long)s.Workers])]);
    }
}
