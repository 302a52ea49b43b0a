namespace Reflink.Studies.Comparison.Mechanisms;

/// <summary>The text_poke() call: the mapping shows an inode derived from its file, the same for all who poke alike.</summary>
public sealed class TextPokeMechanism : IMechanism
{
    /// <inheritdoc/>
    public string Name => "text-poke";

    /// <inheritdoc/>
    public MechanismScope Scope => MechanismScope.Mapping;

    /// <inheritdoc/>
    public long FramesNeeded(ComparisonPlan plan) => plan.FilePages + plan.PatchedPages;

    /// <inheritdoc/>
    public void Prepare(Bench bench)
    {
    }

    /// <inheritdoc/>
    public void Apply(Bench bench, TextMapping mapping) =>
        bench.Machine.TextPoke.Apply(mapping.Process, mapping.Address, mapping.Text.Patches);

    /// <inheritdoc/>
    public void Revert(Bench bench, TextMapping mapping) =>
        bench.Machine.TextPoke.Revert(mapping.Process, mapping.Address, mapping.Text.Patches);
}
