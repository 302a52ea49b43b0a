using Reflink.Studies.Experiments;

namespace Reflink.Studies.Scenarios.Measures;

/// <summary>A run at one moment. What is asked for is counted then, and right until the machine does something.</summary>
public sealed class RunMoment
{
    private readonly Moment _moment;
    private readonly IReadOnlyList<string> _metrics;

    internal RunMoment(Moment moment, IReadOnlyList<string> metrics) => (_moment, _metrics) = (moment, metrics);

    /// <summary>The machine.</summary>
    public Machine Machine => _moment.Machine;

    /// <summary>Nanoseconds of simulated time since the run began.</summary>
    public long Time => _moment.Time;

    /// <summary>What the scenario measures, in its order; null where the machine does not keep it.</summary>
    public IReadOnlyList<(string Name, long? Value)> Values => [.. _metrics.Select(metric => (metric, MetricCatalog.Value(metric, _moment)))];

    /// <summary>Frames that hold a page of a kind. The first call walks all page tables.</summary>
    public long Frames(FrameKind kind) => _moment.Frames(kind);
}
