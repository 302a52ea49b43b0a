using Reflink.Studies.Comparison;

namespace Reflink.Cli.Tests.Made;

/// <summary>A mechanism that does what it is told, which may be nothing.</summary>
internal sealed class IdleMechanism(Action? apply = null) : IMechanism
{
    public string Name => "idle";

    public MechanismScope Scope => MechanismScope.System;

    public long FramesNeeded(ComparisonPlan plan) => plan.FilePages;

    public void Prepare(Bench bench)
    {
    }

    public void Apply(Bench bench, TextMapping mapping) => apply?.Invoke();

    public void Revert(Bench bench, TextMapping mapping)
    {
    }
}
