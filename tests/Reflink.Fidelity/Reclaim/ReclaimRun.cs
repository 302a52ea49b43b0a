using Reflink.Cache.Policies.Linux;
using Reflink.Cache.Simulation;
using Reflink.Units;

namespace Reflink.Fidelity.Reclaim;

/// <summary>One trace of one suite: what the kernel did in each repetition, and what the model does.</summary>
/// <param name="Suite">How it was recorded.</param>
/// <param name="Trace">The trace's name.</param>
/// <param name="Pages">The page of each access.</param>
/// <param name="Kernel">For each repetition what became of each access: 0 a hit, 1 a cold miss, 2 a refault, 3 one that was activated.</param>
public sealed record ReclaimRun(ReclaimSuite Suite, string Trace, uint[] Pages, IReadOnlyList<byte[]> Kernel)
{
    /// <summary>Replays the trace on the model and compares.</summary>
    public ReclaimFigures Compare() => ReclaimFigures.Of(this, Replay());

    /// <summary>What becomes of each access on the model, in the kernel's numbers.</summary>
    public byte[] Replay()
    {
        var policy = new LinuxPolicy(Suite.Pages, new LinuxOptions { FlushInterval = Suite.FlushInterval });
        var file = new LinuxFile(CacheSimulation.Of(policy, Suite.Pages), 0, ReclaimSuite.FilePages) { MaxWindow = Suite.ReadsAhead ? 32 : 0 };
        var outcomes = new byte[Pages.Length];
        for (var n = 0; n < outcomes.Length; n++)
        {
            outcomes[n] = (byte)file.Read(new PageIndex(Pages[n]));
        }

        return outcomes;
    }
}
