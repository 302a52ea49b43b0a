namespace Reflink.Studies.Comparison.Mechanisms;

/// <summary>The text_poke() call: the mapping shows an inode derived from its file, the same for all of a sharing domain who poke alike.</summary>
/// <remarks>
/// Where the page cache is keyed by inode, as Linux's is, the derived inode's unchanged pages are cached a second time: the obstacle
/// that was named at the summit.
/// </remarks>
/// <param name="domain">Who shares.</param>
/// <param name="keying">By what the cache knows pages.</param>
public sealed class TextPokeMechanism(SharingDomain domain = SharingDomain.Machine, CacheKeying keying = CacheKeying.Block) : IMechanism
{
    /// <summary>The name of the mechanism when the whole machine shares.</summary>
    public const string WholeMachine = "text-poke";

    /// <inheritdoc/>
    public string Name => WholeMachine
        + (keying == CacheKeying.Inode ? "-inode-cache" : "")
        + (domain == SharingDomain.Machine ? "" : $"/{domain.ToString().ToLowerInvariant()}");

    /// <inheritdoc/>
    public string Caveat => keying == CacheKeying.Inode
        ? "reads the derived file's unchanged pages a second time and caches them beside the file's own, as Linux does with a reflinked file"
        : "shows other threads each page as it was or as it will be, but not all pages at the same time";

    /// <inheritdoc/>
    public MechanismScope Scope => MechanismScope.Mapping;

    /// <inheritdoc/>
    public long FramesNeeded(ComparisonPlan plan) => plan.FilePages
        + (keying == CacheKeying.Inode ? plan.Profiles.Count * plan.TextPages : FramesExpected(plan));

    /// <inheritdoc/>
    public long FramesExpected(ComparisonPlan plan) =>
        keying == CacheKeying.Inode ? plan.Counts.InodePages : plan.Counts.SharedWithin(domain);

    /// <inheritdoc/>
    public MachineOptions Configure(MachineOptions options) => options with { SharingDomain = domain, Keying = keying };

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
