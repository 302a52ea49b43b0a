namespace Reflink.Studies.Comparison.Mechanisms;

/// <summary>The text_poke() call: the mapping shows an inode derived from its file, the same for all who poke alike.</summary>
public sealed class TextPokeMechanism : IMechanism
{
    /// <inheritdoc/>
    public string Name => "text-poke";

    /// <inheritdoc/>
    public MechanismScope Scope => MechanismScope.Mapping;

    /// <inheritdoc/>
    public long FramesNeeded(ComparisonPlan plan) => plan.FilePages + plan.Counts.Versions;

    /// <inheritdoc/>
    public long FramesExpected(ComparisonPlan plan) => plan.Counts.Versions;

    /// <inheritdoc/>
    public void Apply(Bench bench, PatchedProcess process)
    {
        foreach (var text in process.PatchedTexts)
        {
            bench.Machine.TextPoke.Apply(process.Process, text.Address, text.Text.Changes);
        }
    }

    /// <inheritdoc/>
    public void Revert(Bench bench, PatchedProcess process)
    {
        foreach (var text in process.PatchedTexts)
        {
            bench.Machine.TextPoke.Revert(process.Process, text.Address);
        }
    }
}
