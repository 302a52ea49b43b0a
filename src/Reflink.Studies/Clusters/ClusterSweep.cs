using Reflink.Studies.Scenarios;
using Reflink.Studies.Sweeps;
using Reflink.Units;

namespace Reflink.Studies.Clusters;

/// <summary>
/// Watches a study that a cluster runs, and keeps its results in a folder as they come. The folder has the same files, byte for byte, as one
/// that <see cref="Sweep"/> filled.
/// </summary>
public sealed class ClusterSweep
{
    /// <summary>Between two looks: what a person takes for at once, and little work for the cluster.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a cluster may be away before the watcher gives up: a silo that was killed is noticed and its work resumed well before.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly ClusterClient _client;
    private readonly Scenario _scenario;
    private readonly StudyFolder _folder;
    private readonly RunPlan[] _plans;
    private readonly StudySubmission _study;
    private readonly HashSet<string> _known;
    private readonly int[] _fetched;
    private readonly int _before;
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private long _failed;

    /// <summary>Prepares to watch; nothing is sent yet.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="scenario">The study.</param>
    /// <param name="folder">Where its results are kept.</param>
    public ClusterSweep(ClusterClient client, Scenario scenario, StudyFolder folder)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(folder);
        (_client, _scenario, _folder) = (client, scenario, folder);
        _plans = [.. scenario.Plan()];
        _study = StudySubmission.Of(scenario, _plans);
        _known = [.. _plans.Where(folder.Has).Select(plan => plan.Id)];
        _before = _known.Count;
        _fetched = new int[(_plans.Length + StudyStatus.SegmentSize - 1) / StudyStatus.SegmentSize];
    }

    /// <summary>The study's id on the cluster.</summary>
    public string Id => _study.Id;

    /// <summary>Whether the folder has every result, so that no cluster is needed.</summary>
    public bool IsComplete => _known.Count == _plans.Length;

    /// <summary>How the cluster saw the study at the last look; null before the first.</summary>
    public StudyStatus? Status { get; private set; }

    /// <summary>Hands the study in, or comes back to it where it was handed in before.</summary>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="ReflinkException">EINVAL: the cluster makes another plan of it. EIO: no silo answers.</exception>
    public async Task Submit(CancellationToken cancel) => Status = await _client.Submit(_study, cancel).ConfigureAwait(false);

    /// <summary>Fetches results until the study is done, and writes its tables.</summary>
    /// <param name="progress">Told after each result.</param>
    /// <param name="remark">Told what hinders the study, each sentence once.</param>
    /// <param name="cancel">Ends the watching; the study goes on.</param>
    /// <exception cref="OperationCanceledException">The watching was ended; what was fetched stays.</exception>
    /// <exception cref="ReflinkException">EIO: no silo answers for minutes. ENODATA: the study was cancelled.</exception>
    public async Task<SweepSummary> Watch(IProgress<SweepProgress>? progress, Action<string> remark, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(remark);
        progress?.Report(new SweepProgress(_known.Count, _plans.Length, _failed, null));
        long? awaySince = null;
        while (!IsComplete)
        {
            try
            {
                Status = await _client.Status(Id, cancel).ConfigureAwait(false);
                await Fetch(Status, progress, cancel).ConfigureAwait(false);
                awaySince = null;
                Array.ForEach([.. Status.Remarks.Where(_told.Add)], remark);
            }
            catch (ClusterAwayException e) when (TimeProvider.System.GetElapsedTime(awaySince ?? TimeProvider.System.GetTimestamp()) < s_patience)
            {
                if (awaySince is null)
                {
                    remark($"{e.Reason}; waiting for it");
                    awaySince = TimeProvider.System.GetTimestamp();
                }
            }

            if (Status is { State: StudyState.Cancelled } && !IsComplete)
            {
                throw new ReflinkException(Errno.ENODATA, $"study {Id} was cancelled on the cluster when {Status.Done} of {Status.Total} runs were done; the same 'reflink study run' takes it up again");
            }

            if (!IsComplete)
            {
                await Task.Delay(s_pause, cancel).ConfigureAwait(false);
            }
        }

        return Sweep.Finish(_scenario, _folder, _plans.Length - _before);
    }

    private async Task Fetch(StudyStatus status, IProgress<SweepProgress>? progress, CancellationToken cancel)
    {
        for (var segment = 0; segment < _fetched.Length; segment++)
        {
            while (_fetched[segment] < status.Segments[segment])
            {
                var runs = await _client.Results(Id, segment, _fetched[segment], cancel).ConfigureAwait(false);
                if (runs.Count == 0)
                {
                    break;
                }

                foreach (var run in runs)
                {
                    Keep(run, progress);
                }

                _fetched[segment] += runs.Count;
            }
        }
    }

    private void Keep(FetchedRun run, IProgress<SweepProgress>? progress)
    {
        var plan = _plans[run.Run];
        var result = RunJson.Read(plan, run.Text);
        if (_known.Contains(plan.Id))
        {
            return;
        }

        _folder.Keep(plan, run.Text);
        _folder.Note(plan, run.Began, TimeSpan.FromMilliseconds(run.Milliseconds));
        _known.Add(plan.Id);
        _failed += result.Failure is null ? 0 : 1;
        progress?.Report(new SweepProgress(_known.Count, _plans.Length, _failed, result));
    }
}
