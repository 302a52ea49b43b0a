using Reflink.Cli.Tests;

namespace Reflink.Cluster.Tests;

/// <summary>Silos that meet at a PostgreSQL.</summary>
public sealed class PostgresClusterTests : IDisposable
{
    private readonly ScratchFolder _folder = new("cluster");

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void The_silo_with_the_queue_is_killed_and_no_run_is_lost()
    {
        using var postgres = PostgresServer.Start(_folder);
        using var silos = new Silos(postgres.Join, "--cores", "1");
        var started = new[] { silos.Start(), silos.Start() };
        Cli.Tests.Cli.Run("study", "run", "clones", "--seeds", "20", "--out", _folder.Of("here")).Succeeded();

        using var run = Cli.Tests.Cli.Start("study", "run", "clones", "--seeds", "20", "--cluster", silos.Addresses, "--out", _folder.Of("there"));
        run.WaitUntil(() => started[0].Study() is { Done: >= 20 });
        var queue = started[0].Study()!.Silo;
        started.Single(silo => silo.Health()!.Value.Name == queue).Kill();

        var result = run.Finish();
        Assert.True(result.Code == 0, result.Error);
        ResultFiles.RequireSame(_folder.Of("here"), _folder.Of("there"));
    }
}
