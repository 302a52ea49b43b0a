using Reflink.Patching;

namespace Reflink.Studies.Comparison.Mechanisms;

/// <summary>mprotect and write, as tracers do today: every patched page becomes the process's own.</summary>
public sealed class PrivateMechanism : IMechanism
{
    /// <inheritdoc/>
    public string Name => "private";

    /// <inheritdoc/>
    public MechanismScope Scope => MechanismScope.Process;

    /// <inheritdoc/>
    public long FramesNeeded(ComparisonPlan plan) => plan.FilePages + (plan.Processes * plan.PatchedPages);

    /// <inheritdoc/>
    public void Prepare(Bench bench)
    {
    }

    /// <inheritdoc/>
    public void Apply(Bench bench, TextMapping mapping) =>
        PrivatePatch.Apply(mapping.Process, mapping.Address, mapping.Text.Patches);

    /// <inheritdoc/>
    public void Revert(Bench bench, TextMapping mapping) =>
        PrivatePatch.Revert(mapping.Process, mapping.Address, mapping.Text.Patches);
}
