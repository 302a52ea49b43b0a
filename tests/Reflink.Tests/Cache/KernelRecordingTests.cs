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
    [InlineData("zipf1.0-16M-s1")]
    [InlineData("phases-16M-s1")]
    public void Mapped_pages_age_in_the_model_as_in_the_kernel_on_every_access(string trace)
    {
        var figures = Assert.Single(ReclaimRecordings.Read(s_folder, (s, t) => s == "M16" && t == trace).Runs).Compare();
        Assert.Equal((3, 100.0, 100.0), (figures.Repetitions, figures.KernelAgreement, figures.Agreement));
    }

    [Fact]
    public void What_the_model_does_not_replay_yet_is_named_with_what_the_kernel_did()
    {
        var recordings = ReclaimRecordings.Read(s_folder, (s, t) => s == "A16" && t == "phases-16M-s1");
        Assert.Empty(recordings.Runs);
        var skipped = Assert.Single(recordings.Skipped);
        Assert.Contains("A16, phases-16M-s1: recorded only", skipped, StringComparison.Ordinal);
        Assert.Contains("3 runs missed 27.110 %", skipped, StringComparison.Ordinal);
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
