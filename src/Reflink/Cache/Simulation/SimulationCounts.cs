namespace Reflink.Cache.Simulation;

/// <summary>What happened in a simulation. Accesses are hits and the three kinds of miss; all count pages.</summary>
public record struct SimulationCounts
{
    /// <summary>Accesses to pages that were in memory.</summary>
    public long Hits { get; internal set; }

    /// <summary>Misses of pages that the policy knew nothing of.</summary>
    public long NewMisses { get; internal set; }

    /// <summary>Misses of pages that the policy remembered (workingset_refault), those that were activated not among them.</summary>
    public long Refaults { get; internal set; }

    /// <summary>Misses of pages that it remembered and took back among those worth keeping (workingset_activate).</summary>
    public long Activations { get; internal set; }

    /// <summary>Pages that left to make room.</summary>
    public long Evictions { get; internal set; }

    /// <summary>Pages that had to be written: dirty ones that left, and those that a daemon wrote so that they could (<see cref="CacheSimulation.HasFlusher"/>).</summary>
    public long Writebacks { get; internal set; }

    /// <summary>Pages that came in before anybody asked for them.</summary>
    public long ReadAhead { get; internal set; }

    /// <summary>All misses.</summary>
    public readonly long Misses => NewMisses + Refaults + Activations;

    /// <summary>All accesses.</summary>
    public readonly long Accesses => Hits + Misses;

    /// <summary>Misses an access; 0 without accesses.</summary>
    public readonly double MissRatio => Accesses == 0 ? 0 : (double)Misses / Accesses;
}
