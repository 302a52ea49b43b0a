using Reflink.Patching;

namespace Reflink.Studies.Comparison.Mechanisms;

/// <summary>A patched copy of the whole file for each profile, mapped over the text (MAP_FIXED): shared, but cached beside the original.</summary>
public sealed class CopiedFileMechanism : IMechanism
{
    /// <inheritdoc/>
    public string Name => "copied-file";

    /// <inheritdoc/>
    public MechanismScope Scope => MechanismScope.Mapping;

    /// <inheritdoc/>
    public long FramesNeeded(ComparisonPlan plan) => (1 + plan.Profiles.Count) * plan.FilePages;

    /// <inheritdoc/>
    public long FramesExpected(ComparisonPlan plan) => plan.Counts.ProfilePages;

    /// <inheritdoc/>
    public void Prepare(Bench bench, PatchProfile profile) =>
        PatchedCopy.Create(bench.Machine.Volume, Bench.FilePath, CopyPath(profile), profile.Patches);

    /// <inheritdoc/>
    public void Apply(Bench bench, PatchedProcess process) => MapOver(bench, process, CopyPath(process.Profile));

    /// <inheritdoc/>
    public void Revert(Bench bench, PatchedProcess process) => MapOver(bench, process, Bench.FilePath);

    /// <inheritdoc/>
    public void Discard(Bench bench, PatchProfile profile) => bench.Machine.Volume.Unlink(CopyPath(profile));

    private static string CopyPath(PatchProfile profile) => $"/copy{profile.Number}";

    private static void MapOver(Bench bench, PatchedProcess process, string path)
    {
        foreach (var text in process.PatchedTexts)
        {
            text.MapOver(bench.Machine.Volume, path);
        }
    }
}
