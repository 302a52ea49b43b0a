using Reflink.Units;

namespace Reflink.Elf.Tests;

/// <summary>The reference's numbers of sites that take a five-byte jump (patching.md §2.1), counted there with objdump.</summary>
public sealed class RealJumpTests
{
    private const string Libjvm17Path = "/usr/lib/jvm/java-17-openjdk-amd64/lib/server/libjvm.so";
    private const string Libjvm17 = "97da31b249941f25ff26a6126471221bb579d67f";
    private const string PostgresPath = "/usr/lib/postgresql/15/bin/postgres";
    private const string Postgres = "44c007cfee140e4c25e8a434008096828e70a92c";

    /// <summary>
    /// The reference has 8 branch targets and 63 with control flow among libjvm's 70: one has both, and counts as control flow here.
    /// What fits when overlaps are left aside is what is taken and what overlaps.
    /// </summary>
    [SkippableTheory]
    [InlineData(Libjvm17Path, Libjvm17, SiteKind.Sdt, 531, 461, 7, 63, 1)]
    [InlineData(Libjvm17Path, Libjvm17, SiteKind.Functions, 41404, 39223, 7, 2174, 0)]
    [InlineData(PostgresPath, Postgres, SiteKind.Sdt, 71, 45, 3, 23, 0)]
    public void So_many_sites_take_a_jump(
        string path, string buildId, SiteKind kind, int sites, int fit, int targets, int control, int overlaps)
    {
        var plan = JumpPatch.Plan(Open(path, buildId), SiteFinder.Find(Open(path, buildId), kind));
        int Count(SiteObstacle obstacle) => plan.Misfits.Count(misfit => misfit.Obstacle == obstacle);

        Assert.Equal(sites, plan.Taken.Count + plan.Misfits.Count);
        Assert.Equal(fit, plan.Taken.Count + Count(SiteObstacle.Overlap));
        Assert.Equal((targets, control, overlaps), (Count(SiteObstacle.BranchTarget), Count(SiteObstacle.ControlFlow), Count(SiteObstacle.Overlap)));
        Assert.Equal(plan.Misfits.Count, targets + control + overlaps);
        Assert.Single(Enumerable.Range(0, plan.Patches.Count).Select(i => Convert.ToHexString(plan.Patches.New(i)[..5])).Distinct());
    }

    [SkippableFact]
    public void The_two_probes_of_GetVersion_overlap()
    {
        var elf = Open(Libjvm17Path, Libjvm17);
        var plan = JumpPatch.Plan(elf, SiteFinder.Find(elf, SiteKind.Sdt));

        Assert.Equal(
            "0x8af8c4 (hotspot_jni:GetVersion__return): overlaps the patch of hotspot_jni:GetVersion__entry at 0x8af8c3",
            Assert.Single(plan.Misfits, misfit => misfit.Obstacle == SiteObstacle.Overlap).ToString());
    }

    /// <summary>Three probes lie within five bytes of an entry among the 30,000: each is its very first byte, and so the same jump.</summary>
    [SkippableFact]
    public void Probes_in_the_first_bytes_of_a_function_are_the_same_jump()
    {
        var elf = Open(Libjvm17Path, Libjvm17);
        var entries = FunctionSites.Spread(FunctionSites.Find(elf), 30_000);
        var starts = entries.Select(site => site.Offset).ToHashSet();
        Site[] probes = [.. SiteFinder.Find(elf, SiteKind.Sdt).Where(probe => Enumerable.Range(0, 5).Any(i => starts.Contains(probe.Offset - i)))];
        var (without, with) = (JumpPatch.Plan(elf, entries), JumpPatch.Plan(elf, [.. entries, .. probes]));

        Assert.Equal(3, probes.Length);
        Assert.All(probes, probe => Assert.Contains(probe, with.Taken));
        Assert.Equal(without.Patches.Id, with.Patches.Id);
    }

    /// <summary>Page crossings of the first five bytes: one probe of libjvm, two entries of node, one of which is a cold part that a branch enters in its middle.</summary>
    [SkippableTheory]
    [InlineData(Libjvm17Path, Libjvm17, SiteKind.Sdt, 1, 1)]
    [InlineData("/usr/bin/node", "ebeaf2df364d5eeb7096f0f7722a69eec6efdf3b", SiteKind.Functions, 2, 1)]
    public void Some_cross_a_page(string path, string buildId, SiteKind kind, int crossing, int taken)
    {
        var elf = Open(path, buildId);
        Site[] across = [.. SiteFinder.Find(elf, kind).Where(site => PageIndex.Of(site.Offset) != PageIndex.Of(site.Offset + 4))];
        var plan = JumpPatch.Plan(elf, across);

        Assert.Equal(crossing, across.Length);
        Assert.Equal((taken, 2L * taken), (plan.Patches.Count, plan.Patches.CountPages()));
        Assert.All(plan.Misfits, misfit => Assert.Equal(SiteObstacle.BranchTarget, misfit.Obstacle));
    }

    private static ElfFile Open(string path, string buildId)
    {
        Skip.IfNot(File.Exists(path), $"{path} is not on this machine");
        var elf = ElfFile.Open(path);
        Skip.IfNot(elf.BuildId == buildId, $"{path} is build {elf.BuildId}; the numbers are of {buildId}");
        return elf;
    }
}
