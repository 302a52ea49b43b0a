using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Reflink.Cluster.Grains;
using Reflink.Studies.Sweeps;

namespace Reflink.Cluster.Working;

/// <summary>Threads that run studies, as many as this silo is to use cores. They are no threads of the pool, which grains and the network need.</summary>
internal sealed class RunThreads : IDisposable
{
    /// <summary>How much a new duration counts in the average.</summary>
    private const double Weight = 0.1;

    private readonly BlockingCollection<HeldRun> _ready = [];
    private readonly MemoryBudget _memory;
    private readonly Action<HeldRun> _ended;
    private readonly Thread[] _threads;
    private double _seconds = double.NaN;

    /// <summary>Starts them.</summary>
    /// <param name="count">How many.</param>
    /// <param name="memory">What runs share.</param>
    /// <param name="ended">Called by a thread when a run has ended, whether it has a result, an error, or was dropped.</param>
    public RunThreads(int count, MemoryBudget memory, Action<HeldRun> ended)
    {
        (_memory, _ended) = (memory, ended);
        _threads = [.. Enumerable.Range(0, count).Select(i => new Thread(Work) { IsBackground = true, Name = $"run {i}" })];
        Array.ForEach(_threads, thread => thread.Start());
    }

    /// <summary>How many there are.</summary>
    public int Count => _threads.Length;

    /// <summary>How long a run took lately, in seconds; not a number before the first.</summary>
    public double Seconds => Volatile.Read(ref _seconds);

    public void Add(HeldRun run) => _ready.Add(run);

    /// <summary>Takes back all runs that no thread has begun.</summary>
    public IReadOnlyList<HeldRun> TakeBack()
    {
        var runs = new List<HeldRun>();
        while (_ready.TryTake(out var run))
        {
            runs.Add(run);
        }

        return runs;
    }

    /// <summary>Waits until the threads have ended what they have begun.</summary>
    public void Stop()
    {
        _ready.CompleteAdding();
        Array.ForEach(_threads, thread => thread.Join());
    }

    public void Dispose() => _ready.Dispose();

    private void Work()
    {
        foreach (var run in _ready.GetConsumingEnumerable())
        {
            _memory.Take(run.Memory);
            if (!run.Token.IsCancellationRequested)
            {
                Do(run);
            }

            _memory.Return(run.Memory);
            _ended(run);
        }
    }

#pragma warning disable CA1031 // Whatever a run throws, it is told, and the others go on.
    private void Do(HeldRun run)
    {
        var (began, watch) = (DateTimeOffset.UtcNow, Stopwatch.StartNew());
        try
        {
            run.HasBegun = true;
            var result = run.Plan.Scenario.Run(run.Plan.Runs[run.Run], run.Token);
            run.Result = new StoredRun(run.Run, Encoding.UTF8.GetBytes(RunJson.Of(result)), result.Failure is not null, began, watch.ElapsedMilliseconds);
            Volatile.Write(ref _seconds, double.IsNaN(_seconds) ? watch.Elapsed.TotalSeconds : ((1 - Weight) * _seconds) + (Weight * watch.Elapsed.TotalSeconds));
        }
        catch (OperationCanceledException) when (run.Token.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            run.Error = $"{e.GetType().Name}: {e.Message}";
        }
    }
#pragma warning restore CA1031
}
