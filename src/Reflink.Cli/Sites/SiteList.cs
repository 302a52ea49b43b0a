using Reflink.Elf;
using Reflink.Units;

namespace Reflink.Cli.Sites;

/// <summary>The sites of one kind that were asked for.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="All">How many there are in the file.</param>
/// <param name="Sites">Those whose name matches.</param>
internal sealed record SiteList(SiteKind Kind, int All, IReadOnlyList<Site> Sites)
{
    /// <summary>The patches that were asked for; null if none were.</summary>
    public PlannedSites? Planned { get; init; }

    /// <summary>Why entries of the table were left out.</summary>
    public IReadOnlyList<string> Unusable { get; init; } = [];

    /// <summary>Different names: a probe may have several sites.</summary>
    public int Names => Sites.Select(site => site.Name).Where(name => name is not null).Distinct().Count();

    /// <summary>Pages that a breakpoint on each site would touch.</summary>
    public int Pages => Sites.Select(site => PageIndex.Of(site.Offset)).Distinct().Count();
}
