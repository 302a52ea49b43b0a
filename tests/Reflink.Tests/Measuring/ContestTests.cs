using Reflink.Measuring;

namespace Reflink.Tests.Measuring;

/// <summary>The order and number of runs, and what is compared with what: nothing here depends on how long anything takes.</summary>
public sealed class ContestTests
{
    private readonly List<string> _log = [];
    private readonly HandClock _clock = new();
    private readonly Dictionary<string, long> _times = new(StringComparer.Ordinal)
    {
        ["a"] = 1, ["b"] = 1, ["c"] = 1, ["peer"] = 90, ["kernel"] = 12, [Contestant.Ours] = 30,
    };

    [Fact]
    public void EveryRoundRunsAllFromAnotherOnAndEveryOtherBackwards()
    {
        var standings = new Contest([Of("x", "a"), Of("x", "b"), Of("x", "c")], rounds: 4) { Clock = _clock, Round = n => _log.Add($"{n}:") }.Run();
        Assert.Equal("1: a b c 2: b a c 3: c a b 4: c b a", string.Join(' ', _log));
        Assert.All(standings, s => Assert.Equal(4, s.Times!.Count));
    }

    [Fact]
    public void WarmUpsDoNotCount()
    {
        var standing = Assert.Single(new Contest([Of("x", "a") with { WarmUps = 2 }], rounds: 3) { Clock = _clock }.Run());
        Assert.Equal(5, _log.Count);
        Assert.Equal(3, standing.Times!.Count);
    }

    [Fact]
    public void OthersAreComparedWithOursOfTheSameDiscipline()
    {
        var standings = new Contest([Of("x", "peer"), Of("x", Contestant.Ours), Of("y", "peer")], rounds: 1) { Clock = _clock }.Run();
        Assert.Equal(3, standings[0].Ratio);
        Assert.Equal(1, standings[1].Ratio);
        Assert.Null(standings[2].Ratio);
    }

    [Fact]
    public void WhoHasAModelIsComparedWithIt()
    {
        var standing = Assert.Single(new Contest([Of("x", "kernel") with { Model = 4 }], rounds: 1) { Clock = _clock }.Run());
        Assert.Equal(3, standing.Ratio);
    }

    [Fact]
    public void TheSkippedDoNotRun()
    {
        var standings = new Contest([Of("x", "a"), Contestant.Absent("x", "b", "no b here"), Of("x", "c") with { Skipped = "no c" }], rounds: 2) { Clock = _clock }.Run();
        Assert.Equal(["a", "a"], _log);
        Assert.All(standings.Skip(1), s => Assert.Null(s.Times));
    }

    [Fact]
    public void WhoMeasuresNothingIsAnError() =>
        Assert.Throws<InvalidOperationException>(() => new Contest([new("x", "a", _ => { }) { WarmUps = 0 }], rounds: 1) { Clock = _clock }.Run());

    [Fact]
    public void TheMedianStretchIsTheLaps()
    {
        var lap = new Lap(_clock);
        foreach (var time in (long[])[4_000, 10, 30])
        {
            lap.Start();
            _clock.Now += time;
            lap.Stop(10);
        }

        Assert.Equal(3, lap.Nanoseconds);
    }

    [Fact]
    public void PausesDoNotCount()
    {
        var lap = new Lap(_clock);
        foreach (var time in (long[])[4, 6])
        {
            lap.Start();
            _clock.Now += time;
            lap.Pause();
            _clock.Now += 1_000;
        }

        lap.Start();
        _clock.Now += 10;
        lap.Stop();
        Assert.Equal(20, lap.Nanoseconds);
    }

    [Fact]
    public void AStretchThatAnotherMeasuredCounts()
    {
        var lap = new Lap(_clock);
        lap.Add(60, operations: 20);
        lap.Add(70, operations: 10);
        lap.Add(50, operations: 10);
        Assert.Equal(5, lap.Nanoseconds);
        Assert.Equal(0, lap.Allocated);
    }

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
        _clock.Now += _times[name];
        lap.Stop();
    })
    { WarmUps = 0 };

    /// <summary>A clock of nanoseconds that is moved by hand.</summary>
    private sealed class HandClock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => Now;
    }
}
