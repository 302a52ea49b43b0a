using Reflink.Fidelity.Policies;
using Xunit;

namespace Reflink.Tests.CacheTests;

/// <summary>Miss ratios that libCacheSim printed for a trace that is free to ship; <c>Fidelity -- policies</c> compares the rest.</summary>
public sealed class PublishedRatioTests
{
    [Fact]
    public void Ours_are_the_published_ones_as_far_as_is_owed()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Cache", "Published");
        var rows = PublishedRatio.Read(Path.Combine(folder, "libcachesim.csv"));
        Assert.Equal(40, rows.Count);
        Assert.All(RatioCheck.Run(Path.Combine(folder, "zipf1.0-1M.oracleGeneral.bin.zst"), rows), row => Assert.True(row.Holds, row.ToString()));
    }
}
