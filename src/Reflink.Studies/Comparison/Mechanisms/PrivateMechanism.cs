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
    public long FramesNeeded(ComparisonPlan plan) =>
        plan.FilePages + plan.Profiles.Sum(p => p.Processes * p.Texts.Sum(t => t.Changes.CountPages()));

    /// <inheritdoc/>
    public long FramesExpected(ComparisonPlan plan) => plan.Counts.Pages;

    /// <inheritdoc/>
    public void Apply(Bench bench, PatchedProcess process)
    {
        foreach (var text in process.PatchedTexts)
        {
            PrivatePatch.Apply(process.Process, text.Address, text.Text.Changes);
        }
    }

    /// <inheritdoc/>
    public void Revert(Bench bench, PatchedProcess process)
    {
        foreach (var text in process.PatchedTexts)
        {
            PrivatePatch.Revert(process.Process, text.Address, text.Text.Changes);
        }
    }
}
