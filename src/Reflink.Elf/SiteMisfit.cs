namespace Reflink.Elf;

/// <summary>A site that does not take a patch.</summary>
/// <param name="Site">The site.</param>
/// <param name="Obstacle">What sort of reason it is.</param>
/// <param name="Reason">The reason in words, such as "call inside the 5 bytes"; places are file offsets.</param>
public sealed record SiteMisfit(Site Site, SiteObstacle Obstacle, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"0x{Site.Offset:x}{(Site.Name is { } name ? $" ({name})" : "")}: {Reason}";
}
