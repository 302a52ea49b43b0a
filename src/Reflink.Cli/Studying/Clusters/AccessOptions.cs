using System.CommandLine;
using Reflink.Studies.Clusters;

namespace Reflink.Cli.Studying.Clusters;

/// <summary>The options with which a command reaches a cluster: where it is, what it is known by, and what is shown to it.</summary>
internal sealed class AccessOptions(ClusterOption cluster)
{
    private readonly Option<string?> _token = OptionKinds.Path("--token-file", "The file with the secret of the cluster, if it asks for one");
    private readonly Option<string?> _certificate = OptionKinds.Path("--tls-cert", "The file with the certificate of the cluster, as PEM, if it has one that this system does not trust by itself");

    /// <summary>Where it is.</summary>
    public ClusterOption Cluster { get; } = cluster;

    public void AddTo(Command command)
    {
        command.Options.Add(Cluster);
        command.Options.Add(_token);
        command.Options.Add(_certificate);
    }

    /// <summary>A client of the cluster.</summary>
    public ClusterClient Client(ParseResult line) => new(line.GetValue(Cluster)!, new ClusterAccess(line.GetValue(_token), line.GetValue(_certificate)));
}
