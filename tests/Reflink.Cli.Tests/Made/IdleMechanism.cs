using Reflink.Studies.Comparison;

namespace Reflink.Cli.Tests.Made;

/// <summary>A mechanism that does what it is told, which may be nothing, or refuses.</summary>
internal sealed class IdleMechanism(Action? apply = null, string? refuses = null) : IMechanism
{
    public string Name => "idle";

    public MechanismScope Scope => MechanismScope.System;

    public string? Refuses(ComparisonPlan plan) => refuses;

    public long FramesNeeded(ComparisonPlan plan) => plan.FilePages;

    public long FramesExpected(ComparisonPlan plan) => 0;

    public void Apply(Bench bench, PatchedProcess process) => apply?.Invoke();

    public void Revert(Bench bench, PatchedProcess process)
    {
    }
}
