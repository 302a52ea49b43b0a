namespace Reflink.Elf;

/// <summary>The bytes that a patch at a site would replace, or why it cannot.</summary>
internal readonly record struct Coverage(int Length, SiteObstacle Obstacle = default, string? Reason = null)
{
    internal static Coverage Not(SiteObstacle obstacle, string reason) => new(0, obstacle, reason);
}
