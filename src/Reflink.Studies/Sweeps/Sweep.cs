using System.Diagnostics;
using Reflink.Studies.Scenarios;

namespace Reflink.Studies.Sweeps;

/// <summary>
/// Runs a study, a machine a worker. Each result is kept as soon as it is there, so a sweep that was interrupted goes on where it stopped, and one
/// whose grid has changed runs what is new. Results do not depend on how many workers there are.
/// </summary>
public static class Sweep
{
    /// <summary>Runs all that is not done yet, and writes the tables of all that is unless the folder cannot be written.</summary>
    /// <param name="scenario">The study.</param>
    /// <param name="folder">Where its results are.</param>
    /// <param name="workers">How many runs go on at a time.</param>
    /// <param name="progress">Told after each run, one at a time.</param>
    /// <param name="cancel">Ends it: what is done stays, what is under way is dropped.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; the same call goes on.</exception>
    /// <exception cref="IOException">The results cannot be written, such as to a full disk; the same call goes on.</exception>
    public static SweepSummary Run(Scenario scenario, StudyFolder folder, int workers, IProgress<SweepProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        var plans = scenario.Plan().ToList();
        var left = plans.Where(plan => !folder.Has(plan)).ToList();
        var (gate, done, failed) = (new Lock(), (long)plans.Count - left.Count, 0L);
        progress?.Report(new SweepProgress(done, plans.Count, 0, null));
        var options = new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancel };
        try
        {
            // One at a time from the list, so that the order is that of the grid whoever is free first.
            Parallel.ForEach(System.Collections.Concurrent.Partitioner.Create(left, System.Collections.Concurrent.EnumerablePartitionerOptions.NoBuffering), options, plan =>
            {
                var (began, watch) = (DateTimeOffset.UtcNow, Stopwatch.StartNew());
                var result = scenario.Run(plan, cancel);
                lock (gate)
                {
                    folder.Keep(result);
                    folder.Note(plan, began, watch.Elapsed);
                    failed += result.Failure is null ? 0 : 1;
                    progress?.Report(new SweepProgress(++done, plans.Count, failed, result));
                }
            });
        }
        catch (AggregateException several)
        {
            // Each worker may have met the same full disk, or the same cancellation.
            throw several.Flatten().InnerExceptions.FirstOrDefault(e => e is not OperationCanceledException) ?? several.Flatten().InnerExceptions[0];
        }

        return Finish(scenario, folder, left.Count);
    }

    /// <summary>Writes the tables of all runs that are done, unless the folder cannot be written.</summary>
    /// <param name="scenario">The study.</param>
    /// <param name="folder">Where its results are.</param>
    /// <param name="added">How many runs were done just now, for the summary.</param>
    /// <exception cref="IOException">They cannot be written.</exception>
    public static SweepSummary Finish(Scenario scenario, StudyFolder folder, int added)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(folder);
        var table = ResultTable.Of(scenario, folder);
        if (!folder.IsReadOnly)
        {
            table.Write(folder);
        }

        return new SweepSummary((int)scenario.RunCount, added, table.Failures, table);
    }
}
