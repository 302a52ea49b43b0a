using Reflink.Cache.Policies.Linux;
using Reflink.Cache.Simulation;
using Reflink.Studies.Replaying;
using Reflink.Studies.Traces;
using Reflink.Units;

namespace Reflink.Tests.Studies;

/// <summary>Replays of whole traces and of samples, with and without readahead.</summary>
public sealed class ReplayTests : IDisposable
{
    private readonly ScratchFolder _folder = new("traces");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Curves_of_every_policy_are_exact_unless_a_sample_is_asked_for()
    {
        var trace = Skewed(40_000, 30_000);
        var options = Options(trace) with { Pages = [500, 8_000], Policies = ["fifo", "lru", "sieve"] };
        var (_, curves) = CurveStudy.Run(options, 1);
        foreach (var curve in curves)
        {
            Assert.Equal((1.0, 1, 0.0), (curve.Sample, curve.Samples, curve.Spread));
            foreach (var (pages, ratio) in curve.Points)
            {
                var simulation = ReplacementPolicies.Simulate(curve.Policy, (int)pages);
                simulation.Run(trace.Select(page => new PageAccess(new PageKey((ulong)page))).ToArray());
                Assert.Equal(simulation.Counts.MissRatio, ratio);
            }
        }
    }

    [Fact]
    public void A_sampled_curve_is_the_mean_of_samples_and_says_how_far_they_lie_apart()
    {
        var options = Options(Skewed(40_000, 5_000)) with { Pages = [500, 2_000], Policies = ["lru", "fifo"] };
        options = options with { Trace = options.Trace with { Sample = 0.1 } };
        var (_, curves) = CurveStudy.Run(options, 1);
        var samples = Enumerable.Range(0, CurveStudy.Samples).Select(seed => TraceReplay.Run(options with { Trace = options.Trace with { SampleSeed = seed } }).Rows).ToList();
        foreach (var curve in curves)
        {
            var ratios = samples.Select(rows => rows.Where(r => r.Policy == curve.Policy).Select(r => r.MissRatio).ToArray()).ToList();
            Assert.Equal(CurveStudy.Samples, ratios.Select(r => r[0]).Distinct().Count());
            Assert.All(curve.Points.Index(), point => Assert.Equal(ratios.Average(r => r[point.Index]), point.Item.MissRatio, 12));
            Assert.Equal(ratios.Max(r => curve.Points.Index().Max(point => Math.Abs(r[point.Index] - point.Item.MissRatio))), curve.Spread, 12);
        }
    }

    [Fact]
    public void What_a_sample_does_to_linux_is_said()
    {
        var options = Options(Skewed(40_000, 5_000)) with { Pages = [2_000], Policies = ["linux"] };
        var facts = TraceReplay.Run(options with { Trace = options.Trace with { Sample = 0.5 } }).Facts;
        Assert.Contains(facts.Notes, n => n.Contains("no smaller picture of it", StringComparison.Ordinal));
        Assert.Contains(CurveStudy.Run(options with { Trace = options.Trace with { Sample = 0.5 } }, 1).Facts.Notes, n => n.Contains("no smaller picture of it", StringComparison.Ordinal));
        Assert.DoesNotContain(TraceReplay.Run(options).Facts.Notes, n => n.Contains("sample", StringComparison.Ordinal));
    }

    [Fact]
    public void Memory_that_no_process_has_is_refused_before_it_is_taken()
    {
        var options = Options([1, 2, 3]) with { Pages = [1 << 28, 1 << 28], Policies = ["lru", "fifo"], MostBytes = 4L << 30 };
        var failure = Assert.Throws<ReflinkException>(() => TraceReplay.Run(options));
        Assert.Equal(Errno.ENOMEM, failure.Error);
        Assert.Contains("4 simulations of up to 268,435,456 pages take 32.0 GiB to begin with, and this process may have 4.0 GiB", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_that_Linux_would_end_is_refused()
    {
        var options = Options(Skewed(40_000, 100)) with { Policies = ["linux"] };
        for (var pages = 1; pages <= 10; pages++)
        {
            Assert.Equal(Errno.EINVAL, Assert.Throws<ReflinkException>(() => TraceReplay.Run(options with { Pages = [pages] })).Error);
        }

        Assert.InRange(TraceReplay.Run(options with { Pages = [11] }).Rows[0].Counts.Hits, 1, 40_000);
        Assert.All(CurveStudy.Run(options, 20).Curves[0].Points, point => Assert.True(point.Pages >= 11));
    }

    [Theory]
    [InlineData(32, 320)]
    [InlineData(8, 1_260)]
    [InlineData(0, 10_000)]
    public void Linux_reads_ahead_as_far_as_it_is_told(int most, int misses)
    {
        var row = TraceReplay.Run(Options([.. Enumerable.Range(0, 10_000)]) with { Pages = [1000], Policies = ["linux"], ReadaheadPages = most }).Rows[0];
        Assert.Equal(10_000, row.Counts.Accesses);
        Assert.InRange(row.Counts.Misses, most == 0 ? misses : 1, misses);
        Assert.Equal(most == 0 ? 0 : 10_000, row.Counts.ReadAhead);
    }

    [Fact]
    public void Reading_ahead_is_what_one_open_file_does()
    {
        var trace = Enumerable.Range(0, 30_000).Select(n => (n / 50 * 7919 % 1000 * 20) + (n % 50)).ToArray();
        var cache = CacheSimulation.Of(new LinuxPolicy(3000, new LinuxOptions { FlushInterval = 100 }), 3000);
        var file = new LinuxFile(cache, 0, trace.Max() + 1);
        var misses = trace.Count(page => file.Read(new PageIndex(page)) != AccessOutcome.Hit);
        var row = TraceReplay.Run(Options(trace) with { Pages = [3000], Policies = ["linux"], FlushInterval = 100 }).Rows[0];
        Assert.Equal((misses, cache.Counts.ReadAhead), (row.Counts.Misses, row.Counts.ReadAhead));
    }

    [Fact]
    public void Whether_linux_reads_ahead_is_said()
    {
        var options = Options([1, 2, 3]) with { Pages = [100], Policies = ["linux"] };
        Assert.Contains(TraceReplay.Run(options).Facts.Notes, n => n.StartsWith("linux reads ahead up to 128 KiB", StringComparison.Ordinal));
        Assert.Contains("linux reads nothing ahead", TraceReplay.Run(options with { ReadaheadPages = 0 }).Facts.Notes);
    }

    // Pages from 0, small ones far more often.
    private static int[] Skewed(int accesses, int pages)
    {
        var (trace, state) = (new int[accesses], 1ul);
        for (var n = 0; n < accesses; n++)
        {
            state = unchecked((state * 6364136223846793005) + 1442695040888963407);
            var part = (state >> 11) / (double)(1ul << 53);
            trace[n] = (int)(pages * part * part * part);
        }

        return trace;
    }

    private ReplayOptions Options(int[] pages)
    {
        File.WriteAllLines(_folder.Of("trace"), pages.Select(p => $"{p}"));
        return new ReplayOptions(_folder.Of("trace")) { Trace = new TraceOptions { Format = "lirs" } };
    }
}
