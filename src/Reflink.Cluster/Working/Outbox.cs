using System.Threading.Channels;
using Reflink.Cluster.Grains;
using Reflink.Cluster.Storage;
using Reflink.Studies.Clusters;

namespace Reflink.Cluster.Working;

/// <summary>Results on their way to storage: many are sent together, and each is sent again until it is stored.</summary>
internal sealed class Outbox(string worker, IGrainFactory grains, IResultStore? large, Notices notices, Action<HeldRun> stored)
{
    /// <summary>Results of one request: what is stored with one write.</summary>
    private const int MostRuns = 256;

    /// <summary>Bytes of one request: far below the 100 MiB that Orleans sends at the most.</summary>
    private const long MostBytes = 4 << 20;

    /// <summary>Results from here on lie in files: a grain would be busy with a few of them, and its storage too.</summary>
    private const int LargeSize = 64 << 10;

    /// <summary>Bytes that wait to be sent: threads that make results faster than they are stored wait themselves.</summary>
    private const long MostWaiting = 64 << 20;

    /// <summary>Between two tries: storage that is away is away for seconds.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Channel<HeldRun> _runs = Channel.CreateUnbounded<HeldRun>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<HeldRun> _batch = [];
    private readonly string _worker = worker;
    private readonly IGrainFactory _grains = grains;
    private readonly IResultStore? _large = large;
    private readonly MemoryBudget _room = new(MostWaiting);
    private readonly Notices _notices = notices;
    private readonly Action<HeldRun> _stored = stored;

    /// <summary>Whether results cannot be stored just now, so that there is no use in making more.</summary>
    public bool IsStuck { get; private set; }

    /// <summary>Takes a result in; the caller waits while too many are waiting.</summary>
    public void Add(HeldRun run)
    {
        _room.Take(RoomFor(run));
        _ = _runs.Writer.TryWrite(run);
    }

    /// <summary>Lets nobody wait any more, for the silo ends.</summary>
    public void Open() => _room.Return(long.MaxValue / 2);

    /// <summary>Lets the sending end when everything is sent.</summary>
    public void Complete() => _runs.Writer.TryComplete();

    /// <summary>Sends until all is sent after <see cref="Complete"/>.</summary>
    public async Task Send(CancellationToken cancel)
    {
        while (_batch.Count > 0 || await _runs.Reader.WaitToReadAsync(cancel))
        {
            for (var size = 0L; _batch.Count < MostRuns && size < MostBytes && _runs.Reader.TryRead(out var run);)
            {
                _batch.Add(run);
                size += run.Result?.Text.Length ?? 0;
            }

            for (var isFirst = true; !await TrySend(_batch, isFirst); isFirst = false)
            {
                await Task.Delay(s_pause, cancel);
            }

            foreach (var run in _batch)
            {
                _room.Return(run.Room);
                _stored(run);
            }

            _batch.Clear();
        }
    }

    private static long RoomFor(HeldRun run) => run.Room = Math.Min(MostWaiting, run.Result?.Text.Length ?? 0);

#pragma warning disable CA1031 // Whatever storage or network throw, it is tried again.
    private async Task<bool> TrySend(List<HeldRun> batch, bool isFirst)
    {
        try
        {
            await Task.WhenAll(batch.GroupBy(run => run.Study, StringComparer.Ordinal).Select(runs => Send(runs.Key, [.. runs], isFirst)));
            if (IsStuck)
            {
                _notices.Tell("results are stored again; the runs go on");
            }

            IsStuck = false;
            return true;
        }
        catch (Exception e)
        {
            if (!IsStuck)
            {
                _notices.Tell($"results cannot be stored ({Notices.Reason(e)}); pausing until they can");
            }

            IsStuck = true;
            return false;
        }
    }
#pragma warning restore CA1031

    private async Task Send(string study, IReadOnlyList<HeldRun> runs, bool isFirst)
    {
        foreach (var run in runs.Where(run => _large is not null && run.Result?.Text.Length >= LargeSize))
        {
            run.Result = run.Result! with { File = await _large!.Put(run.Result.Text), Text = [] };
        }

        var results = runs.Select(run => run.Result).OfType<StoredRun>().ToList();
        var kept = await Task.WhenAll(results.GroupBy(run => run.Run / StudyStatus.SegmentSize).Select(segment => _grains.GetGrain<ISegmentGrain>(segment.Key, study).Put([.. segment])));
        var queue = _grains.GetGrain<IStudyGrain>(study);
        foreach (var run in runs.Where(run => run.Error is not null))
        {
            await queue.Fail(_worker, run.Run, run.Error!);
        }

        if (results.Count > 0)
        {
            // Of a second try it is not known whether the first one or another worker stored a result.
            await queue.Done(
                _worker, [.. results.Select(run => new FinishedRun(run.Run, run.HasFailed))], isFirst ? kept.Sum(k => k.Repeated) : 0, [.. kept.SelectMany(k => k.Different)]);
        }
    }
}
