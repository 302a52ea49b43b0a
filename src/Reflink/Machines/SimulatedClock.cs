using Reflink.Units;

namespace Reflink.Machines;

/// <summary>
/// The machine's clock: one simulated CPU, so time is what all counted work cost, and what the machine was told to wait.
/// </summary>
internal sealed class SimulatedClock(Meter meter, CostModel costs) : IClock
{
    private long _idle;

    public long Now
    {
        get
        {
            var now = _idle;
            foreach (var kind in CostModel.Kinds)
            {
                now += meter.Total(kind) * costs[kind].Nanoseconds;
            }

            return now;
        }
    }

    public void Wait(long nanoseconds) => _idle += nanoseconds;
}
