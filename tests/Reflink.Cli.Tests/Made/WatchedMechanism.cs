using Reflink.Studies.Comparison;

namespace Reflink.Cli.Tests.Made;

/// <summary>A mechanism without files of its own, of which somebody wants to know on which machines it runs; it may expect wrong figures.</summary>
internal sealed class WatchedMechanism(IMechanism watched, Action<Bench>? see = null, long tooMany = 0) : IMechanism
{
    public string Name => watched.Name;

    public MechanismScope Scope => watched.Scope;

    public long FramesNeeded(ComparisonPlan plan) => watched.FramesNeeded(plan);

    public long FramesExpected(ComparisonPlan plan) => watched.FramesExpected(plan) + tooMany;

    public void Prepare(Bench bench, PatchProfile profile) => see?.Invoke(bench);

    public void Apply(Bench bench, PatchedProcess process) => watched.Apply(bench, process);

    public void Settle(Bench bench) => watched.Settle(bench);

    public void Revert(Bench bench, PatchedProcess process) => watched.Revert(bench, process);
}
