namespace Reflink.Machines;

/// <summary>
/// The machine's clock: one simulated CPU, so time is what all counted work cost, and what the machine was told to wait.
/// </summary>
internal sealed class SimulatedClock : ITimeline
{
    private readonly Meter _meter;
    private long _idle;

    public SimulatedClock(Meter meter, CostModel costs)
    {
        _meter = meter;
        meter.Events.Clock = this;
        meter.Price([.. CostModel.Kinds.Select(kind => costs[kind].Nanoseconds)]);
    }

    /// <inheritdoc/>
    public long Now => _idle + _meter.Cost;

    /// <inheritdoc/>
    public void WaitUntil(long time) => _idle += Math.Max(0, time - Now);
}
