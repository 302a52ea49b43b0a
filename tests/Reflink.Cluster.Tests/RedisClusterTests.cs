using Reflink.Cli.Tests;
using Reflink.Studies.Clusters;

namespace Reflink.Cluster.Tests;

/// <summary>Silos that meet at a Redis, and end in every way, while a study goes on.</summary>
public sealed class RedisClusterTests : IDisposable
{
    private const string Seeds = "20";
    private readonly ScratchFolder _folder = new("cluster");

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Silos_that_are_killed_and_restarted_leave_the_same_files_as_one_process()
    {
        using var redis = RedisServer.Start(_folder);
        using var silos = new Silos(redis.Join, "--cores", "1");
        var started = new[] { silos.Start(), silos.Start(), silos.Start() };
        Alone();

        using var run = Run(silos);
        run.WaitUntil(() => Done(silos) >= 20);
        var queue = started[0].Study()!.Silo;
        var others = started.Where(silo => silo.Health()!.Value.Name != queue).ToList();
        others[0].Kill();
        run.WaitUntil(() => Done(silos) >= 60);
        others[1].Process.Signal(RunningCli.Terminate);
        Assert.Equal(0, others[1].Process.Finish().Code);
        _ = silos.StartAt(new Uri(others[1].Address).Port);

        Finish(run, silos);
    }

    [SkippableFact]
    public void The_silo_with_the_queue_is_killed_and_no_run_is_lost()
    {
        using var redis = RedisServer.Start(_folder);
        using var silos = new Silos(redis.Join, "--cores", "1");
        var started = new[] { silos.Start(), silos.Start() };
        Alone();

        using var run = Run(silos);
        run.WaitUntil(() => Done(silos) >= 20);
        var queue = started[0].Study()!.Silo;
        started.Single(silo => silo.Health()!.Value.Name == queue).Kill();

        Finish(run, silos);
    }

    [SkippableFact]
    public void A_study_pauses_while_Redis_is_away_and_goes_on()
    {
        using var redis = RedisServer.Start(_folder);
        using var silos = new Silos(redis.Join, "--cores", "1");
        var silo = silos.Start();
        Alone();

        using var run = Run(silos);
        run.WaitUntil(() => Done(silos) >= 20);
        redis.Pause();
        Thread.Sleep(TimeSpan.FromSeconds(20));
        redis.Resume();

        Finish(run, silos);
        silo.Process.Signal(RunningCli.Terminate);
        var ended = silo.Process.Finish();
        Assert.Equal(0, ended.Code);
        Assert.Contains("pausing until they can", ended.Error, StringComparison.Ordinal);
        Assert.Contains("results are stored again; the runs go on", ended.Error, StringComparison.Ordinal);
    }

    private void Alone() => Cli.Tests.Cli.Run("study", "run", "clones", "--seeds", Seeds, "--out", _folder.Of("here")).Succeeded();

    private RunningCli Run(Silos silos) => Cli.Tests.Cli.Start("study", "run", "clones", "--seeds", Seeds, "--cluster", silos.Addresses, "--out", _folder.Of("there"));

    private static long Done(Silos silos) => silos.Running.Select(silo => silo.Study()).OfType<StudyStatus>().Select(study => study.Done).DefaultIfEmpty().Max();

    // What a silo had when it was killed may have been stored without being counted: one run a core, and what it had fetched ahead.
    private void Finish(RunningCli run, Silos silos)
    {
        var result = run.Finish();
        Assert.True(result.Code == 0, result.Error);
        ResultFiles.RequireSame(_folder.Of("here"), _folder.Of("there"));
        var study = silos.Running[0].Study()!;
        Assert.Equal((StudyState.Done, 200, 200), (study.State, study.Total, study.Done));
        Assert.Equal(study.Repeated > 0, result.Error.Contains($"{study.Repeated} runs were done twice", StringComparison.Ordinal));
        Assert.InRange(study.Repeated, 0, 20);
    }
}
