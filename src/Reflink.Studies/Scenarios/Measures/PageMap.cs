using Reflink.Studies.Experiments;

namespace Reflink.Studies.Scenarios.Measures;

/// <summary>Who had which frame at one moment.</summary>
/// <param name="Label">What the scenario calls the moment.</param>
/// <param name="Time">Nanoseconds of simulated time since the machine was switched on.</param>
/// <param name="MemoryFrames">Frames that the machine has.</param>
/// <param name="Files">Files, and the copies that processes have, with what is in memory of each.</param>
/// <param name="Runs">The frames that hold a page, in the order of their owners.</param>
public sealed record PageMap(string Label, long Time, int MemoryFrames, IReadOnlyList<CachedFile> Files, IReadOnlyList<FrameRun> Runs)
{
    internal static PageMap Of(string label, Moment moment) =>
        new(label, moment.Time, moment.Machine.Cache.FrameCount, moment.Census.Files, moment.Census.Runs);
}
