namespace Reflink.Measuring;

/// <summary>
/// Runs contestants interleaved: every round runs all of them, beginning with another one each time, and every other
/// round backwards, so that a slow spell of the machine hits everybody alike and nobody always runs after the same neighbour.
/// </summary>
public sealed class Contest(IReadOnlyList<Contestant> contestants, int rounds)
{
    /// <summary>The house's rule: medians of at least so many rounds.</summary>
    public const int FewestRounds = 11;

    private readonly List<Lap>[] _laps = [.. contestants.Select(_ => new List<Lap>())];

    /// <summary>What the laps read; the machine's own clock if nothing is said.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>Called before each round with its number from 1.</summary>
    public Action<int>? Round { get; init; }

    /// <summary>Runs all rounds; returns the standings in the contestants' order.</summary>
    public IReadOnlyList<Standing> Run()
    {
        foreach (var contestant in contestants.Where(c => c.Skipped is null))
        {
            for (var i = 0; i < contestant.WarmUps; i++)
            {
                contestant.Run(new Lap(Clock));
            }
        }

        for (var round = 0; round < rounds; round++)
        {
            Round?.Invoke(round + 1);
            for (var i = 0; i < contestants.Count; i++)
            {
                var place = (i + round) % contestants.Count;
                RunOne(round % 2 == 0 ? place : contestants.Count - 1 - place);
            }
        }

        return [.. contestants.Select((_, i) => Stand(i))];
    }

    private void RunOne(int at)
    {
        if (contestants[at].Skipped is not null)
        {
            return;
        }

        var lap = new Lap(Clock);
        contestants[at].Run(lap);
        if (lap.IsEmpty)
        {
            throw new InvalidOperationException($"{contestants[at].Discipline}, {contestants[at].Name}: nothing was measured");
        }

        _laps[at].Add(lap);
    }

    private Standing Stand(int at)
    {
        var contestant = contestants[at];
        if (contestant.Skipped is not null)
        {
            return new Standing(contestant, null, 0, null);
        }

        var times = _laps[at].Select(l => l.Nanoseconds);
        var allocated = new Samples(_laps[at].Select(l => l.Allocated)).Median;
        return new Standing(contestant, new Samples(times), allocated, Ratio(at));
    }

    private double? Ratio(int at)
    {
        if (contestants[at].Model is { } model)
        {
            return new Samples(_laps[at].Select(l => l.Nanoseconds)).Median / model;
        }

        for (var ours = 0; ours < contestants.Count; ours++)
        {
            if (contestants[ours] is { Name: Contestant.Ours, Skipped: null } our && our.Discipline == contestants[at].Discipline)
            {
                return new Samples(_laps[at].Zip(_laps[ours], (lap, best) => lap.Nanoseconds / best.Nanoseconds)).Median;
            }
        }

        return null;
    }
}
