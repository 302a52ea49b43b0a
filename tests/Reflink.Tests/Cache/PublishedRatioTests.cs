using Reflink.Fidelity;
using Reflink.Fidelity.Policies;

namespace Reflink.Tests.Cache;

/// <summary>
/// Miss ratios that libCacheSim printed: for a trace that is free to ship, and, where they are on this machine, for traces that are not.
/// </summary>
public sealed class PublishedRatioTests
{
    private static string Shipped => Path.Combine(AppContext.BaseDirectory, "Cache", "Published");

    [Fact]
    public void Ours_are_the_published_ones_as_far_as_is_owed()
    {
        var rows = PublishedRatio.Read(Path.Combine(Shipped, "libcachesim.csv"));
        Assert.Equal(40, rows.Count);
        AssertHold(Shipped, rows);
    }

    [SkippableTheory]
    [InlineData("lirs.sprite", 60)]
    [InlineData("lirs.2_pools", 50)]
    [InlineData("lirs.cs", 30)]
    public void Ours_are_the_published_ones_on_traces_that_do_not_come_with_the_project(string trace, int count)
    {
        var folder = DataFolder.Find("policies");
        Skip.If(folder is null, "no folder shared/data/policies is here or above; set REFLINK_DATA to the folder above it");
        var rows = PublishedRatio.Read(Path.Combine(folder!, "libcachesim.csv")).Where(r => r.Trace == trace).ToList();
        Assert.Equal(count, rows.Count);
        AssertHold(folder!, rows);
    }

    private static void AssertHold(string folder, IReadOnlyList<PublishedRatio> rows) => Assert.All(
        RatioCheck.Run(Path.Combine(folder, $"{rows[0].Trace}.oracleGeneral.bin.zst"), rows), row => Assert.True(row.Holds, row.ToString()));
}
