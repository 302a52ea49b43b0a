using System.Globalization;
using Reflink.Cache.Policies.Linux;
using Reflink.Cache.Simulation;
using Reflink.Fidelity.Reclaim.Live;
using Reflink.Units;

namespace Reflink.Fidelity.Reclaim;

/// <summary>One trace of one suite: what the kernel did in each repetition, and what the model does.</summary>
/// <param name="Suite">How it was recorded.</param>
/// <param name="Trace">The trace's name.</param>
/// <param name="Pages">The page of each access.</param>
/// <param name="Kernel">For each repetition what became of each access: 0 a hit, 1 a cold miss, 2 a refault, 3 one that was activated.</param>
public sealed record ReclaimRun(ReclaimSuite Suite, string Trace, uint[] Pages, IReadOnlyList<byte[]> Kernel)
{
    // What the simulation calls the anonymous memory; the file is file 0.
    private const int AnonymousFile = 1;

    /// <summary>What was charged to the group before the first access, as SUITE.json says, or else what the first recordings had.</summary>
    public int BasePages { get; init; } = 6;

    /// <summary>How each access uses its page (<see cref="TouchKind"/>), as kinds.SUITE.T says; null: each is a read.</summary>
    public byte[]? Kinds { get; init; }

    /// <summary>Replays the trace on the model and compares.</summary>
    public ReclaimFigures Compare() => ReclaimFigures.Of(this, Replay());

    /// <summary>The processors of the machine, as SUITE.json says, since a read of memory.stat flushes after so many updates; the first recordings had two.</summary>
    public int Processors { get; init; } = 2;

    /// <summary>What becomes of each access on the model, in the kernel's numbers.</summary>
    public byte[] Replay()
    {
        var policy = new LinuxPolicy(Suite.Pages, new LinuxOptions
        {
            FlushInterval = Suite.FlushInterval, BasePages = BasePages, StatisticsProcessors = Processors, Swappiness = Suite.Live?.Swappiness ?? LiveSuite.UsualSwappiness,
        });
        var cache = CacheSimulation.Of(policy, Suite.Pages);
        if (Kinds is { } kinds)
        {
            cache.Anonymous = Suite.Live!.Swaps ? AnonymousFile : null;
            return [.. Pages.Select((page, n) => (byte)Touch(cache, page, (TouchKind)kinds[n]))];
        }

        var file = new LinuxFile(cache, 0, ReclaimSuite.FilePages) { MaxWindow = Suite.ReadsAhead ? 32 : 0 };
        return [.. Pages.Select(page => (byte)file.Read(new PageIndex(page)))];
    }

    // Every page of the file that is there came by a fault of its own, so fault-around finds none that is not mapped yet.
    private static AccessOutcome Touch(CacheSimulation cache, uint page, TouchKind kind) => cache.Access(new PageAccess(
        PageKey.Of(kind is TouchKind.AnonymousLoad or TouchKind.AnonymousStore ? AnonymousFile : 0, new PageIndex(page)),
        kind switch
        {
            TouchKind.Read => AccessKind.Read,
            TouchKind.Write => AccessKind.Write,
            TouchKind.Load or TouchKind.AnonymousLoad => AccessKind.Load,
            _ => AccessKind.Store,
        }));
}
