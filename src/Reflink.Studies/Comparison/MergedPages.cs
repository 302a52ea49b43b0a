using System.IO.Hashing;
using Reflink.Ksm.Controls;

namespace Reflink.Studies.Comparison;

/// <summary>Counts without a machine how many frames patched pages take when equal ones are merged. Unlike sharing by patch, merging goes by bytes, whatever page they are of.</summary>
internal static class MergedPages
{
    /// <summary>Frames that are left, with as many mappings each as the kernel allows.</summary>
    /// <param name="plan">Who is patched with what.</param>
    /// <param name="domainOf">Within which domain the pages of a process, counted from 0, are merged.</param>
    public static long Count(ComparisonPlan plan, Func<int, int> domainOf)
    {
        var mappings = new Dictionary<(int Domain, UInt128 Hash), long>();
        foreach (var profile in plan.Profiles)
        {
            var domains = Enumerable.Range(0, plan.Processes).Where(i => plan.ProfileOf(i) == profile).CountBy(domainOf).ToList();
            foreach (var hash in profile.Texts.SelectMany(Hashes))
            {
                foreach (var (domain, processes) in domains)
                {
                    mappings[(domain, hash)] = mappings.GetValueOrDefault((domain, hash)) + processes;
                }
            }
        }

        return mappings.Values.Sum(n => (n + KsmTunables.UsualMaxPageSharing - 1) / KsmTunables.UsualMaxPageSharing);
    }

    private static IEnumerable<UInt128> Hashes(FlatCopy text)
    {
        var bytes = new byte[Page.Size];
        foreach (var page in PageVersion.Of(text.Changes).Select(v => v.Page).Where(text.Pages.Contains))
        {
            text.Show(page.Offset - text.Pages.Start.Offset, bytes, changed: true);
            yield return XxHash128.HashToUInt128(bytes);
        }
    }
}
