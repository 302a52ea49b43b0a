namespace Reflink.Cache.Simulation;

/// <summary>One use of one page.</summary>
/// <param name="Page">The page.</param>
/// <param name="Kind">How it is used.</param>
/// <param name="Group">The group that is charged if the page comes into memory.</param>
public readonly record struct PageAccess(PageKey Page, AccessKind Kind = AccessKind.Read, GroupId Group = default);
