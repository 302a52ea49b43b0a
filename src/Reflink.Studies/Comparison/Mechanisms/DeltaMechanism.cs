using Reflink.Patching;

namespace Reflink.Studies.Comparison.Mechanisms;

/// <summary>A file of the patched pages only for each profile, mapped over the text run by run (MAP_FIXED): shared, but many mappings.</summary>
public sealed class DeltaMechanism : IMechanism
{
    private readonly Dictionary<PatchProfile, IReadOnlyList<PatchedRun>> _runs = [];

    /// <inheritdoc/>
    public string Name => "delta";

    /// <inheritdoc/>
    public MechanismScope Scope => MechanismScope.Mapping;

    /// <inheritdoc/>
    public long FramesNeeded(ComparisonPlan plan) => plan.FilePages + plan.Profiles.Sum(p => p.Patches.CountPages());

    /// <inheritdoc/>
    public long FramesExpected(ComparisonPlan plan) => plan.Counts.ProfilePages;

    /// <inheritdoc/>
    public void Prepare(Bench bench, PatchProfile profile) =>
        _runs[profile] = PatchedPages.Create(bench.Machine.Volume, Bench.FilePath, DeltaPath(profile), profile.Patches);

    /// <inheritdoc/>
    public void Apply(Bench bench, PatchedProcess process)
    {
        foreach (var run in _runs[process.Profile])
        {
            MapOver(bench, process, DeltaPath(process.Profile), run, run.Offset);
        }
    }

    /// <inheritdoc/>
    public void Revert(Bench bench, PatchedProcess process)
    {
        foreach (var run in _runs[process.Profile])
        {
            MapOver(bench, process, Bench.FilePath, run, run.Pages.Start.Offset);
        }
    }

    /// <inheritdoc/>
    public void Discard(Bench bench, PatchProfile profile) => bench.Machine.Volume.Unlink(DeltaPath(profile));

    private static string DeltaPath(PatchProfile profile) => $"/delta{profile.Number}";

    private static void MapOver(Bench bench, PatchedProcess process, string path, PatchedRun run, long offset)
    {
        foreach (var text in process.PatchedTexts)
        {
            text.MapOver(bench.Machine.Volume, path, run.Pages, offset);
        }
    }
}
