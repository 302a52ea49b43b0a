using Reflink.Cluster.Grains;

namespace Reflink.Cluster.Working;

/// <summary>A run that this worker has a lease on, until its result is stored.</summary>
#pragma warning disable CA1001 // A source of cancellation without timer and handle holds nothing to dispose of, and is dropped by other threads at any time.
internal sealed class HeldRun(string study, PlannedStudy plan, int run)
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _cancel = new();

    public string Study { get; } = study;

    public int Run { get; } = run;

    public PlannedStudy Plan { get; } = plan;

    /// <summary>The memory of its machine, in bytes.</summary>
    public long Memory { get; } = plan.Scenario.MemoryOf(plan.Runs[run]);

    /// <summary>Whether a thread has begun it.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Its result, when it is done.</summary>
    public StoredRun? Result { get; set; }

    /// <summary>Bytes that its result takes of those that may wait.</summary>
    public long Room { get; set; }

    /// <summary>Why there is no result, when it ended as no run should.</summary>
    public string? Error { get; set; }

    /// <summary>Whether the queue knows of its end.</summary>
    public bool IsStored { get; set; }

    public CancellationToken Token => _cancel.Token;

    /// <summary>Ends it, for nobody wants its result.</summary>
    public void Drop() => _cancel.Cancel();
}
