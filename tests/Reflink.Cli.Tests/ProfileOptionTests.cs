using System.Text.Json;

namespace Reflink.Cli.Tests;

/// <summary>Processes that differ, from the command line.</summary>
public sealed class ProfileOptionTests
{
    [Fact]
    public void Profiles_are_in_the_result()
    {
        using var json = JsonDocument.Parse(Small("--profiles", "3", "--json").Succeeded().Output);
        var choice = json.RootElement.GetProperty("choice");

        Assert.Equal((3, 30), (choice.GetProperty("profiles").GetInt32(), choice.GetProperty("sitesPerProcess").GetInt32()));
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("seed").ValueKind);
        Assert.Equal(Frames(json, "private"), json.RootElement.GetProperty("counts").GetProperty("pages").GetInt64());
    }

    [Fact]
    public void A_seed_gives_the_same_again_and_another_one_does_not()
    {
        var output = Small("--random", "12.5", "--seed", "7", "--wide").Succeeded().Output;

        Assert.Contains(": a random 12.5 % of them in each process: 38, seed 7\n", output, StringComparison.Ordinal);
        Assert.Equal(output, Small("--random", "12.5", "--seed", "7", "--wide").Succeeded().Output);
        Assert.NotEqual(output.Replace("seed 7", "seed 8", StringComparison.Ordinal), Small("--random", "12.5", "--seed", "8", "--wide").Succeeded().Output);
    }

    [Fact]
    public void Check_says_that_frames_are_as_many_as_follow() => Assert.EndsWith(
        "all equal to a flat copy; patched frames as many as follow from the sites\n", Small("--random", "5", "--check", "--wide").Succeeded().Output, StringComparison.Ordinal);

    [Fact]
    public void Too_few_sites_are_told_of_before_anything_runs()
    {
        Cli.Run("compare", "--spread", "9", "--profiles", "2").Refused(1, "2 profiles of a tenth of 9 sites", "take 10 sites or more");
        Cli.Run("compare", "--spread", "9", "--random", "1").Refused(1, "1 % of 9 sites", "at least one site");
    }

    private static long Frames(JsonDocument json, string name) => json.RootElement.GetProperty("mechanisms").EnumerateArray()
        .Single(m => m.GetProperty("name").GetString() == name).GetProperty("patchedFrames").GetInt64();

    private static CliResult Small(params string[] more) => Cli.Run(
        ["compare", "--spread", "300", "--processes", "6", "--users", "2", "--mechanisms", "flags,private,text-poke", .. more]);
}
