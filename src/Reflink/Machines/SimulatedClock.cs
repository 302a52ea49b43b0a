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

    /// <summary>Idles until then, if that is not past.</summary>
    public void WaitUntil(long time) => _idle += Math.Max(0, time - Now);
}
