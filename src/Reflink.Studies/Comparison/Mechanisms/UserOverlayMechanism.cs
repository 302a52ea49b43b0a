using Reflink.Vm;

namespace Reflink.Studies.Comparison.Mechanisms;

/// <summary>An overlay of the file for each user: all of that user's mappings, present and future, show the file with the patches.</summary>
public sealed class UserOverlayMechanism : IMechanism
{
    /// <inheritdoc/>
    public string Name => "user-overlay";

    /// <inheritdoc/>
    public MechanismScope Scope => MechanismScope.User;

    /// <inheritdoc/>
    public string? Refuses(ComparisonPlan plan) =>
        Enumerable.Range(0, plan.Processes).Any(i => plan.ProfileOf(i) != plan.ProfileOf(plan.UserOf(i)))
            ? "patches all processes of a user alike, and here they differ; take as many users as profiles, or other mechanisms"
            : null;

    /// <inheritdoc/>
    public long FramesNeeded(ComparisonPlan plan) => plan.FilePages + FramesExpected(plan);

    /// <inheritdoc/>
    public long FramesExpected(ComparisonPlan plan) => plan.Counts.Versions;

    /// <inheritdoc/>
    public void Prepare(Bench bench, PatchProfile profile)
    {
        using var file = bench.Machine.Volume.Open(Bench.FilePath);
        foreach (var user in Users(bench, profile))
        {
            bench.Machine.Overlays.Apply(bench.Tool, user, file, profile.Patches);
        }
    }

    /// <inheritdoc/>
    public void Discard(Bench bench, PatchProfile profile)
    {
        using var file = bench.Machine.Volume.Open(Bench.FilePath);
        foreach (var user in Users(bench, profile))
        {
            bench.Machine.Overlays.Revert(bench.Tool, user, file, profile.Patches);
        }
    }

    private static IEnumerable<User> Users(Bench bench, PatchProfile profile) =>
        bench.Processes.Where(p => p.Profile == profile).Select(p => p.Process.User).Distinct();
}
