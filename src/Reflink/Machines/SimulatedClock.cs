using Reflink.Units;

namespace Reflink.Machines;

/// <summary>
/// The machine's clock: one simulated CPU, so time is what all counted work cost, and what the machine was told to wait.
/// </summary>
internal sealed class SimulatedClock(Meter meter, CostModel costs) : IClock
{
    private readonly long[] _prices = [.. CostModel.Kinds.Select(kind => costs[kind].Nanoseconds)];
    private long _idle;

    public long Now
    {
        get
        {
            var now = _idle;
            var done = meter.Totals;
            for (var kind = 0; kind < done.Length; kind++)
            {
                now += done[kind] * _prices[kind];
            }

            return now;
        }
    }

    /// <summary>Idles until then, if that is not past.</summary>
    public void WaitUntil(long time) => _idle += Math.Max(0, time - Now);
}
