using Reflink.Cli.Tests;

namespace Reflink.Cluster.Tests;

/// <summary>Clusters of this machine, made of real processes.</summary>
public sealed class LocalClusterTests : IDisposable
{
    private readonly ScratchFolder _folder = new("cluster");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_workers_leave_the_same_files_as_one_process()
    {
        using var silos = Silos.In(_folder);
        _ = silos.Start("--cores", "1");
        _ = silos.Start("--cores", "1");

        var (here, there) = (_folder.Of("here"), _folder.Of("there"));
        var alone = Cli.Tests.Cli.Run("study", "run", "clones", "--seeds", "20", "--out", here).Succeeded().Output;
        var together = Cli.Tests.Cli.Run("study", "run", "clones", "--seeds", "20", "--out", there, "--cluster", silos.Addresses).Succeeded().Output;

        Assert.Equal(alone.Replace(here, there, StringComparison.Ordinal).ReplaceLineEndings(" "), together.ReplaceLineEndings(" "));
        ResultFiles.RequireSame(here, there);
    }

    [Fact]
    public void A_cluster_that_was_stopped_still_has_its_results()
    {
        using var silos = Silos.In(_folder);
        var first = silos.Start();
        Cli.Tests.Cli.Run("study", "run", "clones", "--out", _folder.Of("once"), "--cluster", silos.Addresses).Succeeded();

        first.Signal(RunningCli.Terminate);
        Assert.Equal(0, first.Finish().Code);
        _ = silos.Start();

        Cli.Tests.Cli.Run("study", "run", "clones", "--out", _folder.Of("again"), "--cluster", silos.Addresses).Succeeded();
        ResultFiles.RequireSame(_folder.Of("once"), _folder.Of("again"));
        Assert.Equal(File.ReadAllLines(_folder.Of("once/log.jsonl")).Order(StringComparer.Ordinal), File.ReadAllLines(_folder.Of("again/log.jsonl")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_cluster_that_is_not_there_is_told_with_the_remedy() =>
        Cli.Tests.Cli.Run("study", "run", "clones", "--out", _folder.Of("none"), "--cluster", $"http://127.0.0.1:{Ports.Free()}")
            .Refused(1, "no silo answers at http://127.0.0.1:", "'reflink study serve' starts one");

    [Fact]
    public void What_is_no_address_of_a_silo_is_refused_before_anything_runs() =>
        Cli.Tests.Cli.Run("study", "run", "clones", "--cluster", "localhost").Refused(2, "--cluster takes the address of a silo", "not 'localhost'");
}
