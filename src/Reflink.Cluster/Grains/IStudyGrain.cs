namespace Reflink.Cluster.Grains;

/// <summary>The queue of a study; its key is the study's id. What is sent to clients is JSON, as the package of studies describes it.</summary>
[Alias("reflink.study-grain")]
internal interface IStudyGrain : IGrainWithStringKey
{
    /// <summary>Takes a study in, or up again; answers with its status.</summary>
    [Alias("submit")]
    Task<string> Submit(string submission);

    /// <summary>How far it is; null if there is no such study.</summary>
    [Alias("status")]
    Task<string?> Status();

    /// <summary>The study as it was handed in; null if there is none.</summary>
    [Alias("submission")]
    Task<string?> Submission();

    /// <summary>Ends it; answers with its status, null if there is none.</summary>
    [Alias("cancel")]
    Task<string?> Cancel();

    /// <summary>Gives runs to a worker.</summary>
    [Alias("take")]
    Task<LeasedRuns> Take(string worker, int most);

    /// <summary>Renews leases; answers with the runs that the worker should drop.</summary>
    [Alias("renew")]
    Task<int[]> Renew(string worker, int[] running, int[] waiting);

    /// <summary>Notes that the results of runs are stored.</summary>
    /// <param name="worker">Who did them.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="repeated">How many had been stored before.</param>
    /// <param name="different">Which of these had other bytes.</param>
    [Alias("done")]
    Task Done(string worker, FinishedRun[] runs, int repeated, int[] different);

    /// <summary>Notes that a run ended as no run should; after three times it counts as done and failed.</summary>
    [Alias("fail")]
    Task Fail(string worker, int run, string error);

    /// <summary>Takes runs back.</summary>
    [Alias("give-back")]
    Task GiveBack(string worker, int[] runs);

    /// <summary>Takes runs back that the worker cannot do, and says why; without runs it cannot do any.</summary>
    [Alias("refuse")]
    Task Refuse(string worker, int[] runs, string reason);
}
