using Reflink.Studies.Experiments;

namespace Reflink.Cli.Caching;

/// <summary>What steps did on one machine.</summary>
/// <param name="Keying">By what its page cache finds pages.</param>
/// <param name="Steps">The steps that succeeded, in order.</param>
internal sealed record MachineSteps(CacheKeying Keying, IReadOnlyList<StepFigures> Steps);
