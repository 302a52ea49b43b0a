using System.Collections.Concurrent;
using Reflink.Cluster.Grains;
using Reflink.Cluster.Storage;
using Reflink.Studies.Clusters;

namespace Reflink.Cluster.Working;

/// <summary>Pulls runs of studies from their queues, runs them on threads, and sends results to where they are stored. One a silo.</summary>
internal sealed class Worker : BackgroundService
{
    /// <summary>So much work is fetched ahead that no core waits for the network, and so little that another worker does not wait for it in the end.</summary>
    private const double SecondsAhead = 0.5;

    /// <summary>Bounds what is lost with a worker, and the size of a renewal.</summary>
    private const int MostAhead = 512;

    /// <summary>A new study waits so long for an idle worker.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    /// <summary>Time for the last results to be stored when the silo ends; what is not stored then is done again elsewhere.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(10);

    private readonly string _name;
    private readonly IGrainFactory _grains;
    private readonly StudyPlans _plans;
    private readonly Notices _notices;
    private readonly MemoryBudget _memory;
    private readonly ConcurrentDictionary<(string Study, int Run), HeldRun> _held = [];
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _room = new(0);
    private readonly Outbox _outbox;
    private readonly Gauges _gauges;
    private readonly RunThreads _threads;
    private int _unfinished;
    private bool _isLost;

    public Worker(SiloSettings settings, ILocalSiloDetails silo, IGrainFactory grains, StudyPlans plans, Notices notices, Gauges gauges, IServiceProvider services)
    {
        // The address holds when the silo started: another one at the same place is another worker.
        _name = silo.SiloAddress.ToParsableString();
        (_grains, _plans, _notices, _memory) = (grains, plans, notices, new MemoryBudget(settings.Memory));
        _outbox = new Outbox(_name, grains, services.GetService<IResultStore>(), notices, Forget);
        _gauges = gauges;
        gauges.Watch(() => _held.Count);
        _threads = new RunThreads(settings.Cores, _memory, Ended);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        var held = _held.Values.ToList();
        _ = _threads.TakeBack();
        held.ForEach(run => run.Drop());
        _outbox.Open();
        await Task.Run(_threads.Stop, CancellationToken.None);
        _outbox.Complete();
        using var end = new CancellationTokenSource(s_farewell);
        await Calmly(() => _outbox.Send(end.Token));
        var left = held.Where(run => !run.IsStored).ToLookup(run => run.Study, run => run.Run, StringComparer.Ordinal);
        foreach (var study in left)
        {
            await Calmly(() => _grains.GetGrain<IStudyGrain>(study.Key).GiveBack(_name, [.. study]));
        }

        _notices.Tell($"stopping; {left.Sum(study => study.Count())} runs are handed back");
    }

    public override void Dispose()
    {
        _threads.Dispose();
        _room.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAll(Again(s_look, Pull, stop.Token), Again(RunQueue.Heartbeat, Renew, stop.Token), Quietly(_outbox.Send(stop.Token)));
    }

    // What a silo cannot do now, because another one has just ended or storage is away, it does a little later.
    private async Task Again(TimeSpan pause, Func<Task> work, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Calmly(work);
            await Quietly(pause == s_look ? _room.WaitAsync(pause, stop) : Task.Delay(pause, stop));
        }
    }

#pragma warning disable CA1031 // Whatever the cluster throws, the worker asks it again.
    private async Task Calmly(Func<Task> work)
    {
        try
        {
            await work();
            if (_isLost)
            {
                _notices.Tell("the cluster answers again");
                _isLost = false;
            }
        }
        catch (Exception e)
        {
            if (!_isLost)
            {
                _notices.Tell($"the cluster does not answer ({Notices.Reason(e)}); trying again");
                _isLost = true;
            }
        }
    }
#pragma warning restore CA1031

    private static async Task Quietly(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task Pull()
    {
        while (_room.Wait(0))
        {
        }

        if (_outbox.IsStuck || Room() == 0)
        {
            return;
        }

        foreach (var study in await _grains.GetGrain<IIndexGrain>(0).ListOpen())
        {
            // A study that was cancelled and taken up again is planned anew.
            if (Room() is var room and > 0 && !_refused.Contains(study) && await Plan(study) is { } plan)
            {
                var queue = _grains.GetGrain<IStudyGrain>(study);
                var leased = await queue.Take(_name, room);
                foreach (var run in leased.Runs)
                {
                    await Hold(queue, new HeldRun(study, plan, run));
                }
            }
        }
    }

    // A request for a few runs more is not worth its while, so nothing is fetched before a quarter is gone.
    private int Room()
    {
        var ahead = double.IsNaN(_threads.Seconds) ? 0 : (int)Math.Min(MostAhead, SecondsAhead * _threads.Count / Math.Max(_threads.Seconds, 1e-6));
        var room = _threads.Count + ahead - Volatile.Read(ref _unfinished);
        return room > ahead / 4 ? room : 0;
    }

    // Another version of the program, or other bytes in a file that the study reads, give other results: this silo must not take part.
    private async Task<PlannedStudy?> Plan(string study)
    {
        var queue = _grains.GetGrain<IStudyGrain>(study);
        if (await queue.Submission() is not { } submission)
        {
            return null;
        }

        var plan = await _plans.Get(study, submission);
        if (plan.Own.Id == study)
        {
            return plan;
        }

        _refused.Add(study);
        var reason = $"silo {_name} does not take part: its plan is {plan.Own.Id} instead of {study}, for a file that the study reads has other bytes there or its program is not the same ({StudySubmission.ThisVersion})";
        _notices.Tell(reason);
        await queue.Refuse(_name, [], reason);
        return null;
    }

    private async Task Hold(IStudyGrain queue, HeldRun run)
    {
        if (run.Memory > _memory.Size)
        {
            await queue.Refuse(_name, [run.Run], $"run {run.Run} needs {run.Memory >> 20} MiB of memory and silo {_name} has {_memory.Size >> 20} MiB for runs; a silo with more --memory does it");
        }
        else if (_held.TryAdd((run.Study, run.Run), run))
        {
            Interlocked.Increment(ref _unfinished);
            _threads.Add(run);
        }
    }

    private async Task Renew()
    {
        foreach (var study in _held.Values.GroupBy(run => run.Study, StringComparer.Ordinal).ToList())
        {
            var lost = await _grains.GetGrain<IStudyGrain>(study.Key)
                .Renew(_name, [.. study.Where(run => run.HasBegun).Select(run => run.Run)], [.. study.Where(run => !run.HasBegun).Select(run => run.Run)]);
            foreach (var run in lost.Select(run => _held.GetValueOrDefault((study.Key, run))).OfType<HeldRun>().Where(run => run.Result is null))
            {
                run.Drop();
            }
        }
    }

    private void Ended(HeldRun run)
    {
        Interlocked.Decrement(ref _unfinished);
        if (run.Result is not null || run.Error is not null)
        {
            _outbox.Add(run);
        }
        else if (run.Token.IsCancellationRequested)
        {
            _held.TryRemove((run.Study, run.Run), out _);
        }

        _room.Release();
    }

    private void Forget(HeldRun run)
    {
        run.IsStored = true;
        _gauges.Count(run);
        _held.TryRemove((run.Study, run.Run), out _);
    }
}
