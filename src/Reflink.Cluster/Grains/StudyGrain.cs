using System.Text;
using System.Text.Json;
using Orleans.Placement;
using Reflink.Studies.Clusters;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Sweeps;

namespace Reflink.Cluster.Grains;

/// <summary>The queue of a study: workers pull runs from it. Its silo may die at any time, for what it knows is in the header and in the segments, but leases, which workers renew.</summary>
[RandomPlacement]
internal sealed class StudyGrain(
    [PersistentState("header", StoreNames.Studies)] IPersistentState<StudyHeader> header, StudyPlans plans, TimeProvider time, ILocalSiloDetails silo) : Grain, IStudyGrain
{
    /// <summary>A worker that is not heard of for so long is not counted any more.</summary>
    private static readonly TimeSpan s_lately = RunQueue.LeaseTime;

    /// <summary>Remarks of this kind are the same sentence mostly; a client shows each once.</summary>
    private const int MostRemarks = 20;

    private readonly IPersistentState<StudyHeader> _header = header;
    private readonly StudyPlans _plans = plans;
    private readonly TimeProvider _time = time;
    private readonly ILocalSiloDetails _silo = silo;
    private readonly Dictionary<string, DateTimeOffset> _workers = new(StringComparer.Ordinal);
    private readonly List<string> _remarks = [];
    private RunQueue _queue = new(0, [], time, TimeSpan.Zero);
    private int[] _segments = [];
    private DateTimeOffset _loaded;
    private long _failed;

    private bool Exists => _header.State.Submission.Length > 0;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (Exists)
        {
            // Workers renew what they have once a heartbeat; the second half is for calls that are late.
            await Load(1.5 * RunQueue.Heartbeat);
        }
    }

    public async Task<string> Submit(string submission)
    {
        if (!Exists || _header.State.IsCancelled)
        {
            _header.State.Submission = submission;
            _header.State.IsCancelled = false;
            await Write();
            await Load(TimeSpan.Zero);
        }

        if (!_queue.IsDone)
        {
            await Index.Open(this.GetPrimaryKeyString());
        }

        return StatusText();
    }

    public Task<string?> Status() => Task.FromResult(Exists ? StatusText() : null);

    public Task<string?> Submission() => Task.FromResult(Exists ? _header.State.Submission : null);

    public async Task<string?> Cancel()
    {
        if (!Exists)
        {
            return null;
        }

        if (!_queue.IsDone)
        {
            _header.State.IsCancelled = true;
            await Write();
        }

        await Index.Close(this.GetPrimaryKeyString());
        return StatusText();
    }

    public async Task<LeasedRuns> Take(string worker, int most)
    {
        Heard(worker);
        if (!Exists || _header.State.IsCancelled || _queue.IsDone)
        {
            await Index.Close(this.GetPrimaryKeyString());
            return new LeasedRuns([], true);
        }

        await Expire();
        return new LeasedRuns([.. _queue.Take(worker, most)], false);
    }

    public async Task<int[]> Renew(string worker, int[] running, int[] waiting)
    {
        Heard(worker);
        if (!Exists || _header.State.IsCancelled)
        {
            return [.. running, .. waiting];
        }

        var lost = _queue.Renew(worker, running, waiting);
        await Expire();
        return [.. lost];
    }

    public async Task Done(string worker, FinishedRun[] runs, int repeated, int[] different)
    {
        Heard(worker);
        foreach (var run in runs)
        {
            Note(run.Run, run.HasFailed);
        }

        foreach (var run in different)
        {
            Remark($"run {run} was done twice with two results, of which the first is kept; this is a bug in reflink, or the memory of a machine is broken");
        }

        if (repeated > 0)
        {
            _header.State.Repeated += repeated;
            await Write();
        }

        if (_queue.IsDone)
        {
            await Index.Close(this.GetPrimaryKeyString());
        }
    }

    public async Task Fail(string worker, int run, string error)
    {
        Heard(worker);
        if (_queue.Fail(worker, run))
        {
            await Bury(run, error);
        }
        else
        {
            await Write();
        }
    }

    public Task GiveBack(string worker, int[] runs)
    {
        Array.ForEach(runs, run => _queue.GiveBack(worker, run));
        return Task.CompletedTask;
    }

    public Task Refuse(string worker, int[] runs, string reason)
    {
        Array.ForEach(runs, run => _queue.Refuse(worker, run));
        Remark(reason);
        return Task.CompletedTask;
    }

    private IIndexGrain Index => GrainFactory.GetGrain<IIndexGrain>(0);

    private ISegmentGrain Segment(int number) => GrainFactory.GetGrain<ISegmentGrain>(number, this.GetPrimaryKeyString());

    private async Task Load(TimeSpan grace)
    {
        var study = await _plans.Get(this.GetPrimaryKeyString(), _header.State.Submission);
        _queue = new RunQueue(study.Runs.Count, _header.State.Attempts, _time, grace);
        _segments = new int[(study.Runs.Count + StudyStatus.SegmentSize - 1) / StudyStatus.SegmentSize];
        (_failed, _loaded) = (0, _time.GetUtcNow());
        foreach (var runs in await Task.WhenAll(Enumerable.Range(0, _segments.Length).Select(number => Segment(number).Runs())))
        {
            Array.ForEach(runs, run => Note(run < 0 ? ~run : run, run < 0));
        }
    }

    private async Task Expire()
    {
        foreach (var (run, worker, isPoisoned) in _queue.Expire())
        {
            if (isPoisoned)
            {
                await Bury(run, $"its worker was lost {RunQueue.MostAttempts} times in the middle of it, the last time {worker}; look there for want of memory");
            }
            else
            {
                await Write();
            }
        }
    }

    // The run counts as done, with why it failed as its result, and the others go on.
    private async Task Bury(int run, string error)
    {
        var study = await _plans.Get(this.GetPrimaryKeyString(), _header.State.Submission);
        var failure = $"the run was tried {RunQueue.MostAttempts} times and is given up: {error}";
        var text = RunJson.Of(new RunResult(study.Runs[run], failure, new Dictionary<string, object?>(), [], [], 0));
        await Segment(run / StudyStatus.SegmentSize).Put([new StoredRun(run, Encoding.UTF8.GetBytes(text), true, _time.GetUtcNow(), 0)]);
        Note(run, true);
        Remark($"run {run} ({study.Runs[run]}): {failure}");
        await Write();
    }

    private void Note(int run, bool hasFailed)
    {
        if (_queue.Done(run))
        {
            _segments[run / StudyStatus.SegmentSize]++;
            _failed += hasFailed ? 1 : 0;
        }
    }

    private void Heard(string worker) => _workers[worker] = _time.GetUtcNow();

    private void Remark(string text)
    {
        if (_remarks.Count < MostRemarks && !_remarks.Contains(text))
        {
            _remarks.Add(text);
        }
    }

    private string StatusText()
    {
        var state = _queue.IsDone ? StudyState.Done : _header.State.IsCancelled ? StudyState.Cancelled : StudyState.Running;
        var workers = _workers.Values.Count(heard => _time.GetUtcNow() - heard < s_lately);
        IReadOnlyList<string> remarks = state == StudyState.Running && workers == 0 && _time.GetUtcNow() - _loaded > s_lately ? [.. _remarks, "no worker takes runs; 'reflink study serve' starts one"] : _remarks;
        return JsonSerializer.Serialize(
            new StudyStatus(this.GetPrimaryKeyString(), state, _queue.Count, _queue.DoneCount, _failed, _queue.LeasedCount, _header.State.Repeated, workers, _silo.SiloAddress.ToString(), _segments, remarks), ClusterClient.Json);
    }

    // What is in memory must not be ahead of what is stored: after a failed write the grain reads anew.
    private async Task Write()
    {
        try
        {
            await _header.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }
}
