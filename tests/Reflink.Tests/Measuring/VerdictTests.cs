using Reflink.Measuring;

namespace Reflink.Tests.Measuring;

public sealed class VerdictTests
{
    private static readonly Claim s_good = Claim.Most("first write", 12, 20, " µs");
    private static readonly Claim s_weak = Claim.Least("XFS to ours", 900, 10_000, "×");
    private static readonly Claim s_unmeasured = Claim.Least("XFS to ours", null, 10_000, "×");
    private static readonly Standing s_ran = new(new("clone", "ours", _ => { }), new Samples([1]), 0, 1);
    private static readonly Standing s_skipped = Skipped("clone", "XFS", "no root");

    [Fact]
    public void AllMeasuredAndWithinBoundsHolds() => Is("holds: first write: 12 µs (at most 20 µs)", 0, [s_ran], [s_good]);

    [Fact]
    public void WhatFallsShortIsNamed() =>
        Is("falls short: XFS to ours: 900× (at least 10,000×)", 1, [s_ran], [s_good, s_weak]);

    [Fact]
    public void WhatIsCountedMustBeExact()
    {
        Is("holds: frames: 7.0 (exactly 7.0)", 0, [s_ran], [Claim.Exactly("frames", 7, 7, "")]);
        Is("falls short: frames: 6.0 (exactly 7.0)", 1, [s_ran], [Claim.Exactly("frames", 6, 7, "")]);
        Is("falls short: frames: 8.0 (exactly 7.0)", 1, [s_ran], [Claim.Exactly("frames", 8, 7, "")]);
    }

    [Fact]
    public void TheSkippedMakeItIncomplete() => Is("incomplete: XFS in clone: no root", 1, [s_ran, s_skipped], [s_good]);

    [Fact]
    public void OneReasonIsToldOnce() => Is(
        "incomplete: XFS in clone and drop: no root; ZFS in drop: no module", 1,
        [s_skipped, Skipped("drop", "XFS", "no root"), Skipped("drop", "ZFS", "no module")], [s_good]);

    [Fact]
    public void WhatWasNotMeasuredMakesItIncomplete() =>
        Is("incomplete: XFS to ours: not measured", 1, [s_ran], [s_good, s_unmeasured]);

    [Fact]
    public void TheIncompleteStillTellsWhatFallsShort() =>
        Is("incomplete: XFS in clone: no root; falls short: XFS to ours: 900× (at least 10,000×)", 1, [s_skipped], [s_weak]);

    [Theory]
    [InlineData(20.0, true, true)]
    [InlineData(20.1, false, true)]
    [InlineData(19.9, true, false)]
    [InlineData(double.NaN, false, false)]
    [InlineData(null, false, false)]
    public void BoundsAreInclusiveAndNothingHoldsUnmeasured(double? measured, bool most, bool least)
    {
        Assert.Equal(most, Claim.Most("x", measured, 20, "").Holds);
        Assert.Equal(least, Claim.Least("x", measured, 20, "").Holds);
    }

    [Fact]
    public void ReportsEndWithTheirVerdict()
    {
        var report = new Report("clone", 11, [s_ran, s_skipped], [s_good]) { Notes = ["on this machine"] };
        var text = new StringWriter();
        ReportTable.Print(report, text);
        Assert.Contains("skipped: no root", text.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("incomplete: XFS in clone: no root\n", text.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);

        using var json = System.Text.Json.JsonDocument.Parse(ReportJson.Write(report));
        Assert.Equal("incomplete: XFS in clone: no root", json.RootElement.GetProperty("verdict").GetString());
        Assert.Equal("no root", json.RootElement.GetProperty("rows")[1].GetProperty("skipped").GetString());
    }

    private static Standing Skipped(string discipline, string name, string why) =>
        new(Contestant.Absent(discipline, name, why), null, 0, null);

    private static void Is(string line, int exitCode, Standing[] standings, Claim[] claims) =>
        Assert.Equal(new Verdict(line, exitCode), Verdict.Of(standings, claims));
}
