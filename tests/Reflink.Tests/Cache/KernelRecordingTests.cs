using Reflink.Fidelity.Reclaim;

namespace Reflink.Tests.Cache;

/// <summary>Linux's reclaim as the model has it, beside what a kernel did with each access; all traces: Reflink.Fidelity -- reclaim.</summary>
public sealed class KernelRecordingTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "recordings");

    [Theory]
    [InlineData("R64", "D-loop20k")]
    [InlineData("R64", "J-seqruns")]
    [InlineData("RA64", "C-zipf0.9+scan")]
    [InlineData("RA64", "J-seqruns")]
    public void The_model_agrees_with_the_kernel_as_the_kernel_does_with_itself(string suite, string trace)
    {
        var recordings = ReclaimRecordings.Read(s_folder, (s, t) => s == suite && t == trace);
        var figures = Assert.Single(recordings.Runs).Compare();
        Assert.Equal(5, figures.Repetitions);
        Assert.All(ReclaimCommand.Claims([figures]), claim => Assert.True(claim.Holds, claim.ToString()));
    }

    [Theory]
    [InlineData("M16", "zipf1.0-16M-s1")]
    [InlineData("M16", "phases-16M-s1")]
    [InlineData("A16", "zipf1.0-16M-s1")]
    [InlineData("A16", "phases-16M-s1")]
    [InlineData("X60-4", "loop-4M-s1")]
    [InlineData("X60-16", "phases-16M-s1")]
    [InlineData("X200-16", "zipf1.0-16M-s1")]
    [InlineData("X200-8", "burst")]
    [InlineData("M10", "pingpong")]
    public void Mapped_anonymous_and_mixed_pages_age_in_the_model_as_in_the_kernel_on_every_access(string suite, string trace)
    {
        var figures = Assert.Single(ReclaimRecordings.Read(s_folder, (s, t) => s == suite && t == trace).Runs).Compare();
        Assert.Equal((3, 100.0), (figures.Repetitions, figures.Agreement));
    }

    [Theory]
    [InlineData("phases-16M-s2")]
    [InlineData("zipf1.0-16M-s2")]
    public void Reads_writes_and_mapped_stores_with_write_back_are_predicted_as_well_as_runs_of_the_kernel_predict_each_other(string trace)
    {
        var figures = Assert.Single(ReclaimRecordings.Read(s_folder, (s, t) => s == "W16" && t == trace).Runs).Compare();
        Assert.InRange(figures.Shortfall!.Value, -1, 0.3);
        Assert.InRange(Math.Abs(figures.Error), 0, 0.3);
    }

    [Fact]
    public void A_recording_without_the_kinds_of_its_accesses_is_refused()
    {
        using var folder = new ScratchFolder();
        foreach (var file in (string[])["phases-16M-s1.u32.xz", "cls.A16.phases-16M-s1.1.gz"])
        {
            File.Copy(Path.Combine(s_folder, file), Path.Combine(folder.Path, file));
        }

        Assert.Contains("kinds.A16.phases-16M-s1", Assert.Throws<InvalidDataException>(() => ReclaimRecordings.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replay_that_only_misses_is_told_apart()
    {
        var run = Assert.Single(ReclaimRecordings.Read(s_folder, (s, t) => s == "R64" && t == "J-seqruns").Runs);
        var figures = ReclaimFigures.Of(run, [.. Enumerable.Repeat((byte)1, run.Pages.Length)]);
        Assert.All(ReclaimCommand.Claims([figures]), claim => Assert.False(claim.Holds, claim.ToString()));
    }

    [Theory]
    [InlineData("R64", 64, false, 16)]
    [InlineData("RA128", 128, true, 16)]
    [InlineData("m16-f8", 16, false, 8)]
    public void The_name_of_a_suite_says_how_it_was_recorded(string name, int megabytes, bool readsAhead, int interval) =>
        Assert.Equal(new ReclaimSuite(name, megabytes, readsAhead, interval), ReclaimSuite.Parse(name));

    [Theory]
    [InlineData("N64")]
    [InlineData("m16")]
    [InlineData("R0")]
    [InlineData("X16")]
    public void Other_suites_are_not_known(string name) => Assert.Null(ReclaimSuite.Parse(name));
}
