using Reflink.Machines;
using Reflink.Patching;

namespace Reflink.Studies.Comparison.Mechanisms;

/// <summary>The text_poke() call: the mapping shows an inode derived from its file, the same for all of a sharing domain who poke alike.</summary>
/// <param name="domain">Who shares.</param>
public sealed class TextPokeMechanism(SharingDomain domain = SharingDomain.Machine) : IMechanism
{
    /// <summary>The name of the mechanism when the whole machine shares.</summary>
    public const string WholeMachine = "text-poke";

    /// <inheritdoc/>
    public string Name => domain == SharingDomain.Machine ? WholeMachine : $"{WholeMachine}/{domain.ToString().ToLowerInvariant()}";

    /// <inheritdoc/>
    public MechanismScope Scope => MechanismScope.Mapping;

    /// <inheritdoc/>
    public long FramesNeeded(ComparisonPlan plan) => plan.FilePages + FramesExpected(plan);

    /// <inheritdoc/>
    public long FramesExpected(ComparisonPlan plan) => plan.Counts.SharedWithin(domain);

    /// <inheritdoc/>
    public MachineOptions Configure(MachineOptions options) => options with { SharingDomain = domain };

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
            bench.Machine.TextPoke.Revert(process.Process, text.Address, text.Text.Changes);
        }
    }
}
