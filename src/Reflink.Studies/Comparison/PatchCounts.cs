namespace Reflink.Studies.Comparison;

/// <summary>
/// How many pages patching makes, counted from the lists of patches alone, without any machine: what the frames of a machine are
/// checked against. A patch across a page's end changes both pages; a page whose bytes all stay as they are does not count.
/// </summary>
/// <param name="Pages">Patched pages, process by process: the frames that private copies take.</param>
/// <param name="Versions">Different patched pages: the frames that are needed if all processes share equal ones.</param>
/// <param name="UserVersions">The same if the processes of one user share.</param>
/// <param name="ProcessVersions">The same if every process shares with itself only, as where two of its mappings show one page.</param>
/// <param name="ProfilePages">The same if the processes of one profile share.</param>
/// <param name="InodePages">The same if every derived inode has frames of its own: one for each different set in a segment.</param>
public sealed record PatchCounts(long Pages, long Versions, long UserVersions, long ProcessVersions, long ProfilePages, long InodePages)
{
    /// <summary>The different patched pages of every sharing domain.</summary>
    public long SharedWithin(SharingDomain domain) => domain switch
    {
        SharingDomain.Machine => Versions,
        SharingDomain.User => UserVersions,
        _ => ProcessVersions,
    };

    internal static PatchCounts Of(ComparisonPlan plan)
    {
        var numbers = new Dictionary<PageVersion, int>();
        var (pages, processVersions, profilePages) = (0L, 0L, 0L);
        var ofUsers = new HashSet<(int User, int Version)>();
        foreach (var profile in plan.Profiles)
        {
            var users = Enumerable.Range(0, plan.Processes).Where(i => plan.ProfileOf(i) == profile).Select(plan.UserOf).Distinct().ToList();
            foreach (var version in PageVersion.Of(profile.Patches))
            {
                // A page in which two segments meet is mapped twice.
                pages += profile.Processes * plan.Texts.LongCount(t => t.Pages.Contains(version.Page));
                processVersions += profile.Processes;
                profilePages++;
                if (!numbers.TryGetValue(version, out var number))
                {
                    numbers.Add(version, number = numbers.Count);
                }

                ofUsers.UnionWith(users.Select(u => (u, number)));
            }
        }

        var ofInodes = plan.Profiles.SelectMany(p => p.Texts).SelectMany(
            t => PageVersion.Of(t.Changes).Where(v => t.Pages.Contains(v.Page)).Select(v => (t.Changes.Id, v.Page)));
        return new PatchCounts(pages, numbers.Count, ofUsers.Count, processVersions, profilePages, ofInodes.Distinct().LongCount());
    }
}
