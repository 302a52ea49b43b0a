using System.Diagnostics;
using Reflink.Studies.Clusters;
using Xunit.Abstractions;

namespace Reflink.Cluster.Tests;

/// <summary>Many runs, and large results.</summary>
public sealed class LoadTests(ITestOutputHelper output) : IDisposable
{
    private readonly ScratchFolder _folder = new("cluster");

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Ten_thousand_tiny_runs_are_done_once_each()
    {
        using var redis = RedisServer.Start(_folder);
        using var silos = new Silos(redis.Join);
        var silo = silos.Start();
        var study = _folder.Of("tiny.yaml");
        File.WriteAllText(study, """
            study: tiny
            parameters: {a: [4K, 8K, 12K, 16K]}
            machine: {memory: 64K}
            measure: [frames, reads]
            steps: ['create a ${a}', read a]
            """);

        var here = Seconds("study", "run", study, "--seeds", "2500", "--quiet", "--out", _folder.Of("here"));
        var there = Seconds("study", "run", study, "--seeds", "2500", "--quiet", "--out", _folder.Of("there"), "--cluster", silos.Addresses);

        output.WriteLine($"{10_000 / there:0} runs/s through the cluster, which adds {(there - here) / 10:0.000} ms to a run");
        var status = silo.Study()!;
        Assert.Equal((StudyState.Done, 10_000, 0), (status.State, status.Done, status.Repeated));
        ResultFiles.RequireSame(_folder.Of("here"), _folder.Of("there"));
    }

    [SkippableFact]
    public void Large_results_go_through_the_shared_folder_and_not_through_Redis()
    {
        using var redis = RedisServer.Start(_folder);
        using var silos = new Silos(redis.Join, "--results", _folder.Of("results"));
        _ = silos.Start();
        var study = _folder.Of("large.yaml");
        File.WriteAllText(study, """
            study: large
            machine: {memory: 1MiB}
            measure: [frames, saved, reads, evicted, shared, file]
            steps:
              - create a 64K
              - read a
              - repeat: 2000
                do: [{sample: some label that makes a sample longer than it would be otherwise}]
            """);

        _ = Seconds("study", "run", study, "--seeds", "50", "--quiet", "--out", _folder.Of("here"));
        _ = Seconds("study", "run", study, "--seeds", "50", "--quiet", "--out", _folder.Of("there"), "--cluster", silos.Addresses);

        ResultFiles.RequireSame(_folder.Of("here"), _folder.Of("there"));
        var stored = new DirectoryInfo(_folder.Of("results")).EnumerateFiles("*", SearchOption.AllDirectories).ToList();
        Assert.Equal(50, stored.Count);
        Assert.All(stored, file => Assert.True(file.Length > 64 << 10, file.FullName));
    }

    private static double Seconds(params string[] line)
    {
        var watch = Stopwatch.StartNew();
        _ = Cli.Tests.Cli.Run(line).Succeeded();
        return watch.Elapsed.TotalSeconds;
    }
}
