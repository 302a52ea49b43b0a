using Reflink.Benchmarks.Merging;
using Reflink.Measuring;

namespace Reflink.Benchmarks;

/// <summary>The figures that are asked of samepage merging.</summary>
internal sealed class KsmClaims(IReadOnlyList<Standing> standings)
{
    /// <summary>All of them.</summary>
    /// <param name="beside">The memories that ksmd goes over too.</param>
    /// <param name="different">Memory in which nothing merges.</param>
    /// <param name="sizes">The smallest and the largest memory.</param>
    public IEnumerable<Claim> All(IReadOnlyList<MergeScenario> beside, MergeScenario different, IReadOnlyList<MergeScenario> sizes)
    {
        foreach (var scenario in beside.Append(different))
        {
            foreach (var pass in Enum.GetValues<MergePass>())
            {
                var what = scenario.Discipline(pass);
                var merges = pass == MergePass.Second && scenario != different;
                if (scenario != different)
                {
                    yield return Claim.Least($"{what}, ksmd to ours", Of(what, MergeScenario.Ksmd)?.Ratio, merges ? 8 : 4, "×");
                }

                var most = merges ? 3 : 1.5;
                yield return Claim.Most($"{what}, ours to one XxHash3", 1 / Of(what, MergeScenario.PlainHash)?.Ratio, most, "×");
            }
        }

        foreach (var pass in Enum.GetValues<MergePass>())
        {
            yield return Claim.Most($"{pass.ToString().ToLowerInvariant()} pass, {sizes[0].Pages:N0} and {sizes[1].Pages:N0} pages, slower to faster", Spread(pass, sizes), 2, "×");
        }

        yield return Claim.Most("metadata a page, the most", beside.Append(different).Concat(sizes).Max(s => s.MetadataBytes), 48, " B");
        // A pass allocates a hundred bytes or so, whatever its size.
        yield return Claim.Most(
            "allocated a page where nothing changed, the most",
            beside.Append(different).Concat(sizes).Max(s => Of(s.Discipline(MergePass.Third), Contestant.Ours)?.Allocated), 0.01, " B");
    }

    private double? Spread(MergePass pass, IEnumerable<MergeScenario> sizes)
    {
        var medians = sizes.Select(s => Of(s.Discipline(pass), Contestant.Ours)?.Times?.Median).ToList();
        return medians.Contains(null) ? null : medians.Max() / medians.Min();
    }

    private Standing? Of(string discipline, string who) =>
        standings.FirstOrDefault(s => s.Contestant.Discipline == discipline && s.Contestant.Name == who);
}
