namespace Reflink.Elf;

/// <summary>Probes by provider and name.</summary>
internal static class TypedProbes
{
    internal static IReadOnlyList<Site> Find(ElfFile elf, SitePlace place)
    {
        var all = SiteFinder.Find(elf, SiteKind.Sdt);
        List<Site> found = [.. all.Where(site => Matches(place, site.Name!))];
        return found.Count > 0 ? found : throw NamePattern.NotFound(elf, "probe", place.Text, [.. all.Select(site => site.Name!)]);
    }

    private static bool Matches(SitePlace place, string name)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return NamePattern.Matches(place.Provider!, name[..colon]) && NamePattern.Matches(place.Name!, name[(colon + 1)..]);
    }
}
