using Reflink.Cache;

namespace Reflink.Tests.Cache;

/// <summary>How many objects a reclaim looks at (do_shrink_slab, mm/shrinker.c).</summary>
public sealed class ShrinkerScanTests
{
    [Theory]
    [InlineData(100_000, 12, 0)]
    [InlineData(100_000, 10, 128)]
    [InlineData(100_000, 8, 768)]
    [InlineData(10, 3, 0)]
    [InlineData(10, 0, 20)]
    [InlineData(0, 0, 0)]
    public void Whole_batches_are_looked_at_or_all_of_few_objects(long freeable, int priority, long expected)
    {
        var (scan, looked) = (new ShrinkerScan(ShrinkerScan.DefaultSeeks), 0L);
        scan.Run(freeable, priority, count =>
        {
            looked += count;
            return 0;
        });
        Assert.Equal((expected, expected), (looked, scan.Scanned));
    }

    [Fact]
    public void What_is_due_and_less_than_a_batch_adds_up()
    {
        var scan = new ShrinkerScan(ShrinkerScan.DefaultSeeks);
        List<long> looked = [];
        for (var reclaim = 0; reclaim < 4; reclaim++)
        {
            scan.Run(1_000, 4, _ => 0);
            looked.Add(scan.Scanned);
        }

        // Each time 124 are due, and a sixteenth of those that were due before.
        Assert.Equal([0, 128, 256, 384], looked);
    }
}
