namespace Reflink.Machines;

/// <summary>
/// The machine's clock: one simulated CPU, so time is what all counted work cost, and what the machine was told to wait.
/// </summary>
internal sealed class SimulatedClock : IClock
{
    private readonly Meter _meter;
    private long _idle;

    public SimulatedClock(Meter meter, CostModel costs)
    {
        _meter = meter;
        meter.Price([.. CostModel.Kinds.Select(kind => costs[kind].Nanoseconds)]);
    }

    public long Now => _idle + _meter.Cost;

    /// <summary>Idles until then, if that is not past.</summary>
    public void WaitUntil(long time) => _idle += Math.Max(0, time - Now);
}
