using Reflink.Fidelity.Reclaim.Live;
using Reflink.Testing;

namespace Reflink.Tests.Cache;

/// <summary>The recorder of the kernel's reclaim: its suites, traces, files, and what its worker finds on the running kernel.</summary>
public sealed class ReclaimRecorderTests
{
    private const int Accesses = 5_000;

    [Theory]
    [InlineData("R16", 'R', 16, 60)]
    [InlineData("A64", 'A', 64, 60)]
    [InlineData("X100-8", 'X', 8, 100)]
    public void A_live_suite_is_found_by_its_name(string name, char letter, int megabytes, int swappiness)
    {
        var suite = new LiveSuite(letter, megabytes, swappiness);
        Assert.Equal(name, suite.Name);
        Assert.Equal(suite, LiveSuite.Parse(name));
    }

    [Theory]
    [InlineData("X16")]
    [InlineData("X201-16")]
    [InlineData("RA64")]
    [InlineData("M0")]
    public void Other_names_are_no_live_suite(string name) => Assert.Null(LiveSuite.Parse(name));

    [Fact]
    public void Anonymous_pages_are_stored_to_before_they_are_loaded_from()
    {
        var trace = SeededTraces.Of(4, Accesses, 1).First();
        var kinds = new LiveSuite('A', 4, 60).Kinds(trace, 1);
        Assert.All(
            trace.Pages.Select((page, n) => (Page: page, Kind: kinds[n])).GroupBy(a => a.Page),
            accesses => Assert.Equal(TouchKind.AnonymousStore, accesses.First().Kind));
        Assert.Contains(TouchKind.AnonymousLoad, kinds);
        Assert.Equal(kinds, new LiveSuite('A', 4, 60).Kinds(trace, 1));
        Assert.NotEqual(kinds, new LiveSuite('A', 4, 60).Kinds(trace, 2));
    }

    [Fact]
    public void A_page_of_the_mixed_suite_is_always_in_the_file_or_always_anonymous()
    {
        var trace = SeededTraces.Of(4, Accesses, 1).First();
        var kinds = new LiveSuite('X', 4, 60).Kinds(trace, 1);
        var pages = trace.Pages.Select((page, n) => (Block: page / 16, IsFile: kinds[n] == TouchKind.Load)).Distinct().ToList();
        Assert.Equal(pages.Count, pages.DistinctBy(p => p.Block).Count());
        Assert.Contains(pages, p => p.IsFile);
        Assert.Contains(pages, p => !p.IsFile);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    [InlineData(64)]
    public void Seeded_traces_are_larger_than_the_limit_and_the_same_for_the_same_seed(int megabytes)
    {
        var limit = megabytes * 256;
        var traces = SeededTraces.Of(megabytes, 60_000, 7).ToList();
        Assert.Equal(6, traces.Count);
        Assert.All(traces, trace => Assert.InRange(trace.Footprint, limit * 5 / 4, limit * 4));
        Assert.Equal(traces.SelectMany(t => t.Pages), SeededTraces.Of(megabytes, 60_000, 7).SelectMany(t => t.Pages));
        Assert.NotEqual(traces[0].Pages, SeededTraces.Of(megabytes, 60_000, 8).First().Pages);
    }

    [Fact]
    public void The_largest_regime_is_the_largest_set_of_runs_that_agree_pairwise()
    {
        // Hits are 0. Run 1 is far from all; 0 and 4 agree, and so do 2, 3 and 5, which differ in what kind a miss is.
        byte[][] runs = [Run(0, 1), Run(500, 1), Run(100, 1), Run(100, 2), Run(0, 1), Run(101, 3)];
        Assert.Equal([2, 3, 5], Regime.Largest(runs, 0.999).Members);
        Assert.Equal([0, 4], Regime.Largest(runs[..5], 1).Members);

        static byte[] Run(int misses, byte kind) => [.. Enumerable.Range(0, 1_000).Select(n => n < misses ? kind : (byte)0)];
    }

    [Fact]
    public void A_packed_file_holds_what_was_written_and_a_cut_one_is_refused()
    {
        using var home = new ScratchFolder();
        var path = home.Of("T.u32.gz");
        PackedFile.Write(path, [1, 0, 0, 0, 2, 1, 0, 0]);
        Assert.Equal([1u, 258u], PackedFile.ReadTrace(path));
        PackedFile.Write(path, [1, 0, 0]);
        Assert.Throws<InvalidDataException>(() => PackedFile.ReadTrace(path));
        File.WriteAllText(path, "no gzip");
        Assert.Throws<InvalidDataException>(() => PackedFile.Read(path));
    }

    [Fact]
    public void What_was_done_is_put_back_in_reverse_order_and_once()
    {
        var said = new List<int>();
        using (var undo = new Undo())
        {
            undo.Do("one", () => 1, said.Add);
            var mark = undo.Mark();
            undo.Do("two", () => 2, said.Add);
            undo.Do("three", () => 3, said.Add);
            undo.Back(mark);
            Assert.Equal([3, 2], said);
        }

        Assert.Equal([3, 2, 1], said);
    }

    [SkippableTheory]
    [InlineData('R')]
    [InlineData('M')]
    [InlineData('W')]
    [InlineData('A')]
    [InlineData('X')]
    public void On_the_running_kernel_pages_are_new_at_first_and_then_present_where_there_is_room(char letter)
    {
        var suite = new LiveSuite(letter, 256, 60);
        var lacks = RecorderNeeds.Lacks([suite], DeviceKind.File).ToList();
        Skip.If(lacks.Count > 0, string.Join(' ', lacks));

        // So far apart that readahead brings no other page of the trace.
        var pages = Enumerable.Range(0, 8).Select(n => (uint)(n * 8_192)).ToArray();
        var trace = new PageTrace("apart", [.. pages, .. pages.Reverse()]);
        using var home = new ScratchFolder();
        using var undo = new Undo();
        var file = home.Of("file");
        using (var stream = File.Create(file))
        {
            stream.SetLength((long)trace.Footprint << 12);
        }

        var run = LiveRun.Play(undo, home, suite, trace, suite.Kinds(trace, 1), file, null);
        Assert.All(run.Outcomes[..8], outcome => Assert.Equal((byte)Outcome.New, outcome));
        Assert.All(run.Outcomes[8..], outcome => Assert.Equal((byte)Outcome.Present, outcome));
        Assert.True(run.EndBytes > run.BaseBytes);
        Assert.Contains("pgfault", Assert.Single(run.Samples), StringComparison.Ordinal);
    }
}
