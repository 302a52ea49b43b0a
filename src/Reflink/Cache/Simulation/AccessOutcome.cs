using Reflink.Cache.Policies;

namespace Reflink.Cache.Simulation;

/// <summary>What became of an access. The three misses are the policy's verdict (<see cref="Admission"/>).</summary>
public enum AccessOutcome
{
    /// <summary>The page was in memory.</summary>
    Hit,

    /// <summary>It was not, and the policy knew nothing of it: for a policy with ghosts that were not dropped, a cold miss.</summary>
    Miss,

    /// <summary>It was not, but the policy remembered it.</summary>
    Refault,

    /// <summary>It was not, but left so lately that it begins among the pages worth keeping.</summary>
    Activation,
}
