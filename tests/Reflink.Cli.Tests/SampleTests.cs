using Reflink.Elf;
using Reflink.Samples;
using Reflink.Studies.Replaying;

namespace Reflink.Cli.Tests;

/// <summary>The samples print what they are said to print, and the command takes the policy of one.</summary>
public sealed class SampleTests
{
    private static readonly string s_policy = $"{typeof(MruPolicy).Assembly.Location}:MruPolicy";

    [Fact]
    public Task Clones_are_shown_with_who_shares_what() => Verify(Print(SharedClones.Run));

    [Fact]
    public Task Pressure_is_told_by_the_stores_reads_under_every_policy() => Verify(Print(ReclaimPressure.Run));

    [Fact]
    public void A_loop_that_is_larger_than_memory_is_best_served_by_the_sample_policy()
    {
        var lines = Print(OwnPolicy.Run).Split('\n');

        Assert.Equal("lru: 1,200 of 1,200 reads miss", lines[0]);
        Assert.Matches("^mru: [1-4][0-9][0-9] of 1,200 reads miss$", lines[1]);
    }

    [Fact]
    public void Designs_are_compared_on_a_binary_of_the_users()
    {
        var binary = DefaultBinary.Find();
        var lines = Print(output => CodePatching.Run(output, [binary])).TrimEnd().Split('\n');

        Assert.StartsWith($"{binary}: ", lines[0], StringComparison.Ordinal);
        Assert.Equal(["private", "private+ksm", "copied-file", "text-poke"], lines[2..].Select(l => l.Split(' ')[0]));
    }

    [Fact]
    public void A_sample_that_does_not_exist_is_answered_with_those_that_do() => Assert.Equal(2, Samples.Program.Main(["none"]));

    [Fact]
    public void The_command_takes_a_policy_from_an_assembly_and_calls_it_by_its_own_name()
    {
        using var folder = new ScratchFolder("policy");
        var trace = folder.Of("loop.lirs");
        File.WriteAllLines(trace, Enumerable.Range(0, 1_200).Select(i => $"{i % 120}"));
        var printed = Cli.Run("replay", trace, "--memory", "400K", "--policy", $"lru,{s_policy}", "--csv").Succeeded().Output;

        Assert.Contains("\nmru,", printed.Replace("\r", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("./none.dll:Policy", "there is no file")]
    [InlineData("SAMPLES:Nothing", "has no public type 'Nothing' that implements IReplacementPolicy; it has MruPolicy")]
    [InlineData("SAMPLES:OwnPolicy", "has no public type 'OwnPolicy'")]
    public void A_policy_that_cannot_be_loaded_is_refused_in_words(string place, string message)
    {
        var refused = Assert.Throws<ReflinkException>(() => PolicyLoader.Load(place.Replace("SAMPLES", typeof(MruPolicy).Assembly.Location, StringComparison.Ordinal)));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    private static string Print(Action<TextWriter> run)
    {
        using var output = new StringWriter { NewLine = "\n" };
        run(output);
        return output.ToString();
    }
}
