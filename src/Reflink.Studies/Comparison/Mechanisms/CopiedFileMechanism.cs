using Reflink.Patching;

namespace Reflink.Studies.Comparison.Mechanisms;

/// <summary>A patched copy of the whole file, mapped over the text (MAP_FIXED): shared, but cached beside the original.</summary>
public sealed class CopiedFileMechanism : IMechanism
{
    private const string CopyPath = "/copy";
    private int _users;

    /// <inheritdoc/>
    public string Name => "copied-file";

    /// <inheritdoc/>
    public MechanismScope Scope => MechanismScope.Mapping;

    /// <inheritdoc/>
    public long FramesNeeded(ComparisonPlan plan) => 2 * plan.FilePages;

    /// <inheritdoc/>
    public void Prepare(Bench bench) => PatchedCopy.Create(bench.Machine.Volume, Bench.FilePath, CopyPath, bench.Plan.Patches);

    /// <inheritdoc/>
    public void Apply(Bench bench, TextMapping mapping)
    {
        mapping.MapOver(bench.Machine.Volume, CopyPath);
        _users++;
    }

    /// <inheritdoc/>
    public void Revert(Bench bench, TextMapping mapping)
    {
        mapping.MapOver(bench.Machine.Volume, Bench.FilePath);
        if (--_users == 0)
        {
            bench.Machine.Volume.Unlink(CopyPath);
        }
    }
}
