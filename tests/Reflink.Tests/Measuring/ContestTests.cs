using Reflink.Measuring;

namespace Reflink.Tests.Measuring;

/// <summary>The order and number of runs, and what is compared with what: nothing here depends on how long anything takes.</summary>
public sealed class ContestTests
{
    private readonly List<string> _log = [];

    [Fact]
    public void EveryRoundRunsAllAndBeginsWithAnother()
    {
        var standings = new Contest([Of("x", "a"), Of("x", "b"), Of("x", "c")], rounds: 4) { Round = n => _log.Add($"{n}:") }.Run();
        Assert.Equal("1: a b c 2: b c a 3: c a b 4: a b c", string.Join(' ', _log));
        Assert.All(standings, s => Assert.Equal(4, s.Times!.Count));
    }

    [Fact]
    public void WarmUpsDoNotCount()
    {
        var standing = Assert.Single(new Contest([Of("x", "a") with { WarmUps = 2 }], rounds: 3).Run());
        Assert.Equal(5, _log.Count);
        Assert.Equal(3, standing.Times!.Count);
    }

    [Fact]
    public void OthersAreComparedWithOursOfTheSameDiscipline()
    {
        var standings = new Contest([Of("x", "peer"), Of("x", Contestant.Ours), Of("y", "peer")], rounds: 1).Run();
        Assert.Equal(standings[0].Times!.Median / standings[1].Times!.Median, standings[0].Ratio);
        Assert.Equal(1, standings[1].Ratio);
        Assert.Null(standings[2].Ratio);
    }

    [Fact]
    public void WhoHasAModelIsComparedWithIt()
    {
        var standing = Assert.Single(new Contest([Of("x", "kernel") with { Model = 4 }], rounds: 1).Run());
        Assert.Equal(standing.Times!.Median / 4, standing.Ratio);
    }

    [Fact]
    public void TheSkippedDoNotRun()
    {
        var standings = new Contest([Of("x", "a"), Contestant.Absent("x", "b", "no b here"), Of("x", "c") with { Skipped = "no c" }], rounds: 2).Run();
        Assert.Equal(["a", "a"], _log);
        Assert.All(standings.Skip(1), s => Assert.Null(s.Times));
    }

    [Fact]
    public void WhoMeasuresNothingIsAnError() =>
        Assert.Throws<InvalidOperationException>(() => new Contest([new("x", "a", _ => { }) { WarmUps = 0 }], rounds: 1).Run());

    [Fact]
    public void AllocationsAreCountedAnOperation()
    {
        var lap = new Lap();
        lap.Start();
        GC.KeepAlive(new byte[8_000]);
        lap.Stop(2);
        Assert.InRange(lap.Allocated, 4_000, 4_100);
    }

    private Contestant Of(string discipline, string name) => new(discipline, name, lap =>
    {
        _log.Add(name);
        lap.Start();
        // Even on a coarse clock some time passes.
        Thread.SpinWait(1_000);
        lap.Stop();
    })
    { WarmUps = 0 };
}
