using Reflink.Studies.Comparison;

namespace Reflink.Cli.Tests;

/// <summary>Which of the sites each process gets.</summary>
public sealed class PatchChoiceTests
{
    [Fact]
    public void Profiles_are_tenths_that_begin_evenly_spread()
    {
        var choice = PatchChoice.Consecutive(Sites(100), 3);

        Assert.Equal([(0, 9), (33, 42), (66, 75)], choice.Profiles.Select(p => ((int)p.Offset(0), (int)p.Offset(p.Count - 1))));
        Assert.All(choice.Profiles, p => Assert.Equal(10, p.Count));
        Assert.Equal(new ChoiceFacts("3 profiles of 10 consecutive ones, processes in turn", 3, 10), choice.Facts);
    }

    [Fact]
    public void Behind_the_last_site_comes_the_first()
    {
        var last = PatchChoice.Consecutive(Sites(29), 29).Profiles[^1];

        Assert.Equal([0, 28], Offsets(last));
    }

    [Fact]
    public void Random_parts_have_exactly_so_many_different_sites_of_all()
    {
        var choice = PatchChoice.Random(Sites(1001), 12.5m, 400, 3);
        var times = new int[1001];
        foreach (var offset in choice.Profiles.SelectMany(Offsets))
        {
            times[offset]++;
        }

        Assert.All(choice.Profiles, p => Assert.Equal(125, p.Count));
        Assert.All(choice.Profiles, p => Assert.Equal(125, Offsets(p).Distinct().Count()));

        // Each site is in 50 of 400 parts, plus or minus 5 standard deviations of 6.6.
        Assert.All(times, t => Assert.InRange(t, 17, 83));
    }

    /// <summary>The sites were drawn by another program, written after the paper: a seed must mean the same forever.</summary>
    [Fact]
    public void A_seed_means_the_same_sites_everywhere()
    {
        var three = PatchChoice.Random(Sites(20), 20, 3, 0).Profiles.Select(Offsets).ToList();

        Assert.Equal([[2, 4, 16, 18], [8, 12, 13, 14], [7, 8, 9, 15]], three);
        Assert.Equal(three.Take(2), PatchChoice.Random(Sites(20), 20, 2, 0).Profiles.Select(Offsets));
        Assert.NotEqual(three, PatchChoice.Random(Sites(20), 20, 3, 1).Profiles.Select(Offsets));
    }

    [Fact]
    public void All_of_them_is_a_part_as_well() => Assert.Equal(Sites(7).Id, PatchChoice.Random(Sites(7), 100, 1, 9).Profiles[0].Id);

    [Fact]
    public void What_cannot_be_divided_is_refused()
    {
        Refused(() => PatchChoice.Consecutive(Sites(9), 1), "1 profile of a tenth of 9 sites; take 10 sites or more");
        Refused(() => PatchChoice.Consecutive(Sites(20), 21), "21 profiles of a tenth of 20 sites; take 10 sites or more, and from 1 to as many profiles as sites");
        Refused(() => PatchChoice.Consecutive(Sites(20), 0), "0 profiles");
        Refused(() => PatchChoice.Random(Sites(20), 2, 1, 0), "2 % of 20 sites");
        Refused(() => PatchChoice.Random(Sites(20), 0, 1, 0), "take more than 0 % and up to 100 %");
        Refused(() => PatchChoice.Random(Sites(20), 100.5m, 1, 0), "100.5 %");
        Refused(() => PatchChoice.Random(Sites(20), 50, 0, 0), "0 processes");
    }

    private static void Refused(Func<PatchChoice> choose, string part) =>
        Assert.Contains(part, Assert.Throws<ReflinkException>(choose).Message, StringComparison.Ordinal);

    private static IEnumerable<long> Offsets(PatchSet set) => [.. Enumerable.Range(0, set.Count).Select(set.Offset)];

    private static PatchSet Sites(int count)
    {
        var builder = new PatchSetBuilder();
        for (var i = 0; i < count; i++)
        {
            builder.Add(i, [0x90], [0xcc]);
        }

        return builder.Build();
    }
}
