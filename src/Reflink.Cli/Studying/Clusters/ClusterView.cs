using Reflink.Studies.Clusters;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Sweeps;

namespace Reflink.Cli.Studying.Clusters;

/// <summary>Runs a study on a cluster and keeps its results as a sweep of this machine does, with the same view of how far it is.</summary>
internal static class ClusterView
{
    /// <summary>Hands a study in and leaves: prints its id, and how to come back.</summary>
    public static int Detach(ClusterClient client, Scenario scenario, string cluster)
    {
        var study = StudySubmission.Of(scenario);
        _ = client.Submit(study).GetAwaiter().GetResult();
        Console.Out.WriteLine(study.Id);
        Failures.Remark($"'reflink study attach {study.Id} --cluster {cluster}' comes back to it");
        return ExitCode.Success;
    }

    /// <summary>Hands a study in and watches until it is done.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="scenario">The study.</param>
    /// <param name="folder">Where its results are kept.</param>
    /// <param name="progress">Told after each result.</param>
    /// <param name="interruption">Ends the watching; the study goes on.</param>
    public static SweepSummary Run(ClusterClient client, Scenario scenario, StudyFolder folder, IProgress<SweepProgress> progress, Interruption interruption)
    {
        var sweep = new ClusterSweep(client, scenario, folder);
        if (!sweep.IsComplete)
        {
            sweep.Submit(interruption.Token).GetAwaiter().GetResult();
        }

        return Watch(sweep, progress, interruption);
    }

    /// <summary>Watches a study that was handed in until it is done.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="scenario">The study.</param>
    /// <param name="folder">Where its results are kept.</param>
    /// <param name="progress">Told after each result.</param>
    /// <param name="interruption">Ends the watching; the study goes on.</param>
    public static SweepSummary Attach(ClusterClient client, Scenario scenario, StudyFolder folder, IProgress<SweepProgress> progress, Interruption interruption)
    {
        return Watch(new ClusterSweep(client, scenario, folder), progress, interruption);
    }

    private static SweepSummary Watch(ClusterSweep sweep, IProgress<SweepProgress> progress, Interruption interruption)
    {
        interruption.Outcome = $"study {sweep.Id} goes on on the cluster; the same command comes back to it";
        var summary = sweep.Watch(progress, Failures.Remark, interruption.Token).GetAwaiter().GetResult();
        if (sweep.Status is { Repeated: > 0 and var repeated })
        {
            Failures.Remark($"{repeated} runs were done twice, because a silo had ended or seemed to have; their results are the same");
        }

        return summary;
    }
}
