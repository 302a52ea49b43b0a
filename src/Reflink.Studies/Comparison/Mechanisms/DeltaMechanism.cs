using Reflink.Patching;

namespace Reflink.Studies.Comparison.Mechanisms;

/// <summary>A file of the patched pages only, mapped over the text run by run (MAP_FIXED): shared, but many mappings.</summary>
public sealed class DeltaMechanism : IMechanism
{
    private const string DeltaPath = "/delta";
    private IReadOnlyList<PatchedRun> _runs = [];
    private int _users;

    /// <inheritdoc/>
    public string Name => "delta";

    /// <inheritdoc/>
    public MechanismScope Scope => MechanismScope.Mapping;

    /// <inheritdoc/>
    public long FramesNeeded(ComparisonPlan plan) => plan.FilePages + plan.PatchedPages;

    /// <inheritdoc/>
    public void Prepare(Bench bench) =>
        _runs = PatchedPages.Create(bench.Machine.Volume, Bench.FilePath, DeltaPath, bench.Plan.Patches);

    /// <inheritdoc/>
    public void Apply(Bench bench, TextMapping mapping)
    {
        foreach (var run in _runs)
        {
            mapping.MapOver(bench.Machine.Volume, DeltaPath, run.Pages, run.Offset);
        }

        _users++;
    }

    /// <inheritdoc/>
    public void Revert(Bench bench, TextMapping mapping)
    {
        foreach (var run in _runs)
        {
            mapping.MapOver(bench.Machine.Volume, Bench.FilePath, run.Pages, run.Pages.Start.Offset);
        }

        if (--_users == 0)
        {
            bench.Machine.Volume.Unlink(DeltaPath);
        }
    }
}
