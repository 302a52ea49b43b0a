using Reflink.Elf;

namespace Reflink.Cli.Sites;

/// <summary>What a plan says of each site.</summary>
internal sealed class PlannedSites
{
    private readonly Dictionary<Site, SiteMisfit> _misfits;
    private readonly Dictionary<long, int> _lengths = [];

    public PlannedSites(SitePlan plan)
    {
        Plan = plan;
        _misfits = plan.Misfits.DistinctBy(misfit => misfit.Site).ToDictionary(misfit => misfit.Site);
        for (var i = 0; i < plan.Patches.Count; i++)
        {
            _lengths.Add(plan.Patches.Offset(i), plan.Patches.New(i).Length);
        }
    }

    public SitePlan Plan { get; }

    /// <summary>Why the site takes no patch, or null.</summary>
    public SiteMisfit? MisfitOf(Site site) => _misfits.GetValueOrDefault(site);

    /// <summary>Bytes that the site's patch replaces; 0 for a site that holds the patch already.</summary>
    public int LengthAt(Site site) => _lengths.GetValueOrDefault(site.Offset);
}
