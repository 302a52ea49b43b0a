using Reflink.Cache.Simulation;

namespace Reflink.Studies.Replaying;

// One policy with one size of memory, while a trace is replayed.
internal sealed class PolicyRun(string policy, long pages, CacheSimulation simulation, LinuxFiles? files = null)
{
    public string Policy => policy;

    public long Pages => pages;

    public int Capacity => simulation.Capacity;

    public SimulationCounts Counts => files?.Counts ?? simulation.Counts;

    public void ResetCounts()
    {
        simulation.ResetCounts();
        files?.ResetCounts();
    }

    public void Run(ReadOnlySpan<PageAccess> accesses)
    {
        if (files is null)
        {
            simulation.Run(accesses);
        }
        else
        {
            files.Run(accesses);
        }
    }
}
