using System.Runtime.CompilerServices;
using System.Text.Json;
using Reflink.Cli.Merging;
using Reflink.Testing;

namespace Reflink.Cli.Tests;

/// <summary>'reflink ksm': experiments on merging, and why memory does not merge.</summary>
public sealed class KsmCommandTests
{
    [Theory]
    [InlineData("smart-scan-starvation")]
    [InlineData("code-patching", "--pages", "63")]
    [InlineData("vm-fleet", "--guests", "5", "--pages", "100")]
    [InlineData("partitions", "--users", "4", "--pages", "20")]
    [InlineData("cow-storm", "--pages", "64")]
    [InlineData("sensitive")]
    [InlineData("attacker")]
    public Task An_experiment_prints_its_figures(string name, params string[] options) =>
        Verify(Cli.Run(["ksm", "run", name, .. options]).Succeeded().Output).UseParameters(name);

    [Fact]
    public void Experiments_are_listed_and_every_one_has_an_example() =>
        Assert.All(RunCommand.Studies, study =>
        {
            Assert.Contains($"{study.Name} ", Cli.Run("ksm", "list").Succeeded().Output, StringComparison.Ordinal);
            Assert.Contains($"  reflink ksm run {study.Name}", Cli.Run("ksm", "run", "--help").Succeeded().Output, StringComparison.Ordinal);
        });

    /// <summary>Predicted by arithmetic and seen alike: without alignment three of nine phases starve, with it none.</summary>
    [Fact]
    public void Three_of_nine_phases_starve_as_predicted_and_are_repaired()
    {
        using var json = JsonDocument.Parse(Cli.Run("ksm", "run", "smart-scan-starvation", "--passes", "200", "--json").Succeeded().Output);
        var tables = json.RootElement.GetProperty("tables");
        var phases = tables[0].GetProperty("rows").EnumerateArray().ToList();

        Assert.Equal(200, json.RootElement.GetProperty("options").GetProperty("passes").GetInt64());
        Assert.Equal(9, phases.Count);
        Assert.All(phases, p => Assert.Equal(p.GetProperty("predicted").ToString(), p.GetProperty("seen").ToString()));
        Assert.All(phases, p => Assert.Equal(p.GetProperty("aligned_predicted").GetInt64(), p.GetProperty("aligned_seen").GetInt64()));
        Assert.Equal([5, 7, 8], phases.Where(p => p.GetProperty("seen").ValueKind == JsonValueKind.Null).Select(p => p.GetProperty("mod_9").GetInt64()));
        Assert.Equal([2, 3, 4, 6, 9, 14], phases.Where(p => p.GetProperty("seen").ValueKind == JsonValueKind.Number).Select(p => p.GetProperty("seen").GetInt64()).Order());
        Assert.Equal(["smart_scan 0", "smart_scan 1", "aligned"], tables[1].GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("schedule").GetString()));
    }

    /// <summary>The dearer the protection the less is saved; with a partition for each user nobody is exposed.</summary>
    [Fact]
    public void Partitions_trade_memory_for_exposure()
    {
        using var json = JsonDocument.Parse(Cli.Run("ksm", "run", "partitions", "--users", "5", "--pages", "40", "--seed", "9", "--json").Succeeded().Output);
        var rows = json.RootElement.GetProperty("tables")[0].GetProperty("rows").EnumerateArray().ToList();

        // A user's second process saves all of its 40 pages; users in one partition save 20 for all but one.
        Assert.Equal([.. Enumerable.Range(1, 5).Select(n => (5 * 40) + (20 * (5 - n)))], rows.Select(r => r.GetProperty("saved_pages").GetInt32()));
        Assert.Equal([20 * 10, 20 * 4, 20 * 2, 20 * 1, 0], rows.Select(r => r.GetProperty("pairs_exposed").GetInt32()));
    }

    [Fact]
    public void The_seed_draws_the_bytes_and_the_figures_stay()
    {
        string Run(string seed) => Cli.Run("ksm", "run", "vm-fleet", "--guests", "3", "--pages", "30", "--seed", seed).Succeeded().Output;

        Assert.Equal(Run("1"), Run("1"));
        Assert.Equal(Run("1"), Run("2"));
    }

    /// <summary>The same study by the other command, so that it can be swept and changed.</summary>
    [Fact]
    public void An_experiment_is_a_study_that_prints_the_same_tables()
    {
        using var temp = new ScratchFolder("storm");
        using var asExperiment = JsonDocument.Parse(Cli.Run("ksm", "run", "cow-storm", "--pages", "8", "--json").Succeeded().Output);
        using var asStudy = JsonDocument.Parse(Cli.Run("study", "run", "cow-storm", "--set", "pages=8", "--out", temp.Of("storm"), "--json").Succeeded().Output);

        Assert.Equal(asExperiment.RootElement.GetProperty("tables").GetRawText(), asStudy.RootElement.GetProperty("tables").GetRawText());
        Assert.StartsWith("way,memory,swap,", File.ReadAllText(temp.Of("storm/tables/storms.csv")), StringComparison.Ordinal);
        Assert.Contains("8 equal guests of 8 pages", File.ReadAllText(temp.Of("storm/report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public Task Why_pages_do_not_merge() => Verify(Cli.Run(
        "ksm", "explain", "create lib 16K", "map lib one", "store lib one 0 x", "map lib two", "store lib two 0 x", "advise lib one", "advise lib two", "map lib three",
        "store lib three 4096 y", "share lib four", "advise lib four", "map lib five", "store lib five 8192 z", "merge lib five red", "map lib six", "store lib six 0 u",
        "advise lib six", "pass 4").Succeeded().Output);

    [Fact]
    public Task Merging_is_a_step_of_an_experiment() => Verify(Cli.Run(
        "cache", "create lib 8K", "map lib one", "map lib two", "store lib one 0 x", "store lib two 0 x", "advise lib one", "advise lib two", "control smart_scan 0", "pass 2",
        "explain lib one", "unadvise lib one", "merge lib one", "merge lib one again", "fork one three", "pass").Succeeded().Output);

    [Fact]
    public void Explanations_are_json_too()
    {
        using var json = JsonDocument.Parse(Cli.Run("ksm", "explain", "--json", "create lib 8K", "map lib one", "store lib one 0 x").Succeeded().Output);

        Assert.Equal(["NotAdvised", "FilePage"], json.RootElement.EnumerateArray().Select(e => e.GetProperty("why").GetString()));
        Assert.Equal([0, 1], json.RootElement.EnumerateArray().Select(e => e.GetProperty("firstPage").GetInt32()));
    }

    [Theory]
    [InlineData(2, "a command of 'ksm' is missing: run, list, explain; 'reflink ksm --help'", "")]
    [InlineData(2, "'reflink ksm run --help' tells more", "run nothing")]
    [InlineData(2, "--users takes a whole number from 1 to 256, not '0'", "run partitions --users 0")]
    [InlineData(2, "--passes takes a whole number from 1 to 100000, not 'many'", "run smart-scan-starvation --passes many")]
    [InlineData(1, "common is 80, zero is 30; expected because 80 percent in common and 30 percent empty are more than all pages; take less", "run vm-fleet --common 80 --zero 30")]
    [InlineData(1, "no machine can be made so: Memory is 17592186306560 bytes", "run vm-fleet --guests 4096 --pages 1048576")]
    [InlineData(2, "there are no steps; give some", "explain")]
    [InlineData(1, "give --keying one kind of cache", "explain,--keying=block+inode,create a 4K")]
    [InlineData(2, "has 'x' for COUNT, which takes a whole number", "explain,pass x")]
    [InlineData(1, "EFAULT: step 1, 'advise a one': process 'one' does not map 'a'", "explain,advise a one")]
    [InlineData(1, "ENOENT: step 1, 'control sunshine 1': there is no control file /sys/kernel/mm/ksm/sunshine", "explain,control sunshine 1")]
    [InlineData(1, "EINVAL: step 1, 'control max_page_sharing 1': max_page_sharing cannot be 1", "explain,control max_page_sharing 1")]
    public void Mistakes_are_explained(int code, string message, string words)
    {
        // A step is one argument.
        var line = words.Contains(',', StringComparison.Ordinal) ? words.Split(',').Select(word => word.Replace('+', ',')).ToArray() : words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var result = Cli.Run(["ksm", .. line]);

        Assert.Equal(code, result.Code);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }

    [Fact]
    public void The_guide_shows_what_is_printed()
    {
        var printed = Cli.Run("ksm", "run", "smart-scan-starvation").Succeeded().Output;
        var guide = File.ReadAllText(Path.Combine(Folder(), "..", "..", "src", "Reflink.Cli", "GUIDE.md"));

        Assert.Contains($"```\n$ reflink ksm run smart-scan-starvation\n{printed}```\n", guide, StringComparison.Ordinal);
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
