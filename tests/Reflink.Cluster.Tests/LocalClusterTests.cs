using Reflink.Cli.Tests;
using Reflink.Studies.Clusters;

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

        first.Process.Signal(RunningCli.Terminate);
        Assert.Equal(0, first.Process.Finish().Code);
        _ = silos.Start();

        Cli.Tests.Cli.Run("study", "run", "clones", "--out", _folder.Of("again"), "--cluster", silos.Addresses).Succeeded();
        ResultFiles.RequireSame(_folder.Of("once"), _folder.Of("again"));
        Assert.Equal(File.ReadAllLines(_folder.Of("once/log.jsonl")).Order(StringComparer.Ordinal), File.ReadAllLines(_folder.Of("again/log.jsonl")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_study_that_was_left_is_listed_and_come_back_to()
    {
        using var silos = Silos.In(_folder);
        _ = silos.Start();
        Cli.Tests.Cli.Run("study", "run", "clones", "--out", _folder.Of("here")).Succeeded();

        var left = Cli.Tests.Cli.Run("study", "run", "clones", "--cluster", silos.Addresses, "--detach");
        var id = left.Output.TrimEnd();
        Assert.Contains($"'reflink study attach {id} --cluster {silos.Addresses}' comes back to it", left.Error, StringComparison.Ordinal);
        Assert.Contains($"\"study\": \"{id}\"", Cli.Tests.Cli.Run("study", "list", "--cluster", silos.Addresses, "--json").Succeeded().Output, StringComparison.Ordinal);
        Cli.Tests.Cli.Run("study", "attach", id, "--cluster", silos.Addresses, "--out", _folder.Of("there")).Succeeded();

        ResultFiles.RequireSame(_folder.Of("here"), _folder.Of("there"));
    }

    [Fact]
    public void A_cancelled_study_keeps_its_results_and_is_taken_up_again()
    {
        using var silos = Silos.In(_folder);
        var silo = silos.Start("--cores", "1");
        var id = Cli.Tests.Cli.Run("study", "run", "clones", "--seeds", "100", "--cluster", silos.Addresses, "--detach").Output.TrimEnd();
        silo.Process.WaitUntil(() => silo.Study() is { Done: > 0 });

        Assert.StartsWith($"study {id} is cancelled; ", Cli.Tests.Cli.Run("study", "cancel", id, "--cluster", silos.Addresses).Succeeded().Output, StringComparison.Ordinal);
        Cli.Tests.Cli.Run("study", "attach", id, "--cluster", silos.Addresses, "--out", _folder.Of("there")).Refused(1, $"study {id} was cancelled on the cluster when ", "takes it up again");
        silo.Process.WaitUntil(() => silo.Study() is { Leased: 0 });

        _ = Cli.Tests.Cli.Run("study", "run", "clones", "--seeds", "100", "--cluster", silos.Addresses, "--detach");
        silo.Process.WaitUntil(() => silo.Study() is { State: StudyState.Done, Repeated: 0 });
    }

    [Fact]
    public void A_run_that_ends_as_no_run_should_is_tried_three_times_and_the_others_go_on()
    {
        using var silos = Silos.In(_folder);
        _ = silos.StartWithTemporaryFiles(_folder.Of("nowhere"));
        var study = _folder.Of("disks.yaml");
        File.WriteAllText(study, """
            study: disks
            parameters: {disk: [memory, kept]}
            machine: {memory: 1MiB, disk: '${disk}'}
            measure: [frames]
            steps: [create a 64K, read a]
            """);

        var result = Cli.Tests.Cli.Run("study", "run", study, "--cluster", silos.Addresses, "--out", _folder.Of("there"));

        Assert.Equal(1, result.Code);
        Assert.Contains("1 of 2 runs failed", result.Error, StringComparison.Ordinal);
        Assert.Contains("disk kept, seed 1: the run was tried 3 times and is given up: DirectoryNotFoundException", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_cluster_does_not_have_is_told_with_the_remedy()
    {
        using var silos = Silos.In(_folder);
        _ = silos.Start();

        Cli.Tests.Cli.Run("study", "attach", "none-000000000000", "--cluster", silos.Addresses).Refused(1, "ENOENT", "the cluster has no study 'none-000000000000'", "'reflink study list --cluster URL'");
        Cli.Tests.Cli.Run("study", "run", "clones", "--detach").Refused(2, "--detach leaves a study to a cluster, so it takes --cluster");
    }

    [Fact]
    public void A_cluster_that_is_not_there_is_told_with_the_remedy() =>
        Cli.Tests.Cli.Run("study", "run", "clones", "--out", _folder.Of("none"), "--cluster", $"http://127.0.0.1:{Ports.Free()}")
            .Refused(1, "no silo answers at http://127.0.0.1:", "'reflink study serve' starts one");

    [Fact]
    public void What_is_no_address_of_a_silo_is_refused_before_anything_runs() =>
        Cli.Tests.Cli.Run("study", "run", "clones", "--cluster", "localhost").Refused(2, "--cluster takes the address of a silo", "not 'localhost'");
}
