using Reflink.Studies.Comparison;

namespace Reflink.Cli.Tests.Made;

/// <summary>A mechanism of which somebody wants to know on which machines it runs.</summary>
internal sealed class WatchedMechanism(IMechanism watched, Action<Bench> see) : IMechanism
{
    public string Name => watched.Name;

    public MechanismScope Scope => watched.Scope;

    public long FramesNeeded(ComparisonPlan plan) => watched.FramesNeeded(plan);

    public void Prepare(Bench bench)
    {
        see(bench);
        watched.Prepare(bench);
    }

    public void Apply(Bench bench, TextMapping mapping) => watched.Apply(bench, mapping);

    public void Revert(Bench bench, TextMapping mapping) => watched.Revert(bench, mapping);
}
