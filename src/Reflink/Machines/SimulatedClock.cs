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

    public void Wait(long nanoseconds) => _idle += nanoseconds;
}
