using Reflink.Studies.Clusters;
using Reflink.Units;

namespace Reflink.Cluster.Joining;

/// <summary>All silos of a cluster run one version of the program, for results depend on it. A silo bears its version in its name, and looks at the names of the others before it works.</summary>
internal sealed class SiloVersions(ILocalSiloDetails self, IGrainFactory grains) : IHostedService
{
    private readonly ILocalSiloDetails _self = self;
    private readonly IGrainFactory _grains = grains;

    /// <summary>The name of this silo.</summary>
    public static string OwnName { get; } = $"{Environment.MachineName}-{Environment.ProcessId}@{StudySubmission.ThisVersion}";

    /// <exception cref="ReflinkException">ESTALE: another silo has another version.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var silos = await _grains.GetGrain<IManagementGrain>(0).GetDetailedHosts(onlyActive: true, cancellationToken);
        Require(_self.Name, silos.Where(silo => !silo.SiloAddress.Equals(_self.SiloAddress)).Select(silo => silo.SiloName));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Refuses to join silos of another version.</summary>
    /// <param name="own">The name of this silo.</param>
    /// <param name="others">The names of those that are there.</param>
    /// <exception cref="ReflinkException">ESTALE: one of them has another version.</exception>
    public static void Require(string own, IEnumerable<string> others)
    {
        if (others.FirstOrDefault(other => VersionOf(other) != VersionOf(own)) is { } other)
        {
            throw new ReflinkException(
                Errno.ESTALE, $"silo {other} of the cluster runs reflink {VersionOf(other)} and this one is {VersionOf(own)}; results would differ, so stop the others first, or join with their version");
        }
    }

    private static string VersionOf(string name) => name[(name.IndexOf('@', StringComparison.Ordinal) + 1)..];
}
