using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Reflink.Cli.Tests;

/// <summary>'reflink study': experiments in files, run into a folder.</summary>
public sealed class StudyCommandTests : IDisposable
{
    private const string Slow = """
        study: slow
        parameters: {n: {from: 1, to: 400}}
        machine: {memory: 64MiB}
        measure: [frames]
        steps: ['create a ${n * 64K}', read a]
        """;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public Task A_study_prints_a_row_for_each_run() =>
        Verify(Cli.Run("study", "run", "clones", "--out", _scratch.Path("out"), "--set", "memory=8MiB,512K", "--wide").Succeeded().Output.Replace(_scratch.Path("out"), "OUT", StringComparison.Ordinal));

    [Fact]
    public void The_guide_shows_what_the_command_prints()
    {
        var printed = Cli.RunIn(80, "study", "run", "clones", "--out", _scratch.Path("out"), "--set", "memory=8MiB,512K").Succeeded().Output;

        Assert.Contains(printed[..printed.IndexOf("results:", StringComparison.Ordinal)], File.ReadAllText(Path.Combine(Folder(), "..", "..", "src", "Reflink.Cli", "GUIDE.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_get_the_rows_as_JSON_and_CSV()
    {
        string[] line = ["study", "run", "clones", "--out", _scratch.Path("out"), "--set", "memory=1MiB", "--set", "clones=2,3"];
        using var json = JsonDocument.Parse(Cli.Run([.. line, "--json"]).Succeeded().Output);
        var rows = json.RootElement.GetProperty("rows").EnumerateArray().ToList();

        Assert.Equal((4, 4), (rows.Count, json.RootElement.GetProperty("new").GetInt32()));
        Assert.Equal(["block 2", "block 3", "inode 2", "inode 3"], rows.Select(row => $"{row.GetProperty("keying").GetString()} {row.GetProperty("clones").GetInt64()}"));
        Assert.Equal(File.ReadAllText(_scratch.Path("out/results.csv")), Cli.Run([.. line, "--csv"]).Succeeded().Output);
        Assert.Equal(
            rows.Select(row => row.GetProperty("reads").GetInt64()),
            File.ReadLines(_scratch.Path("out/results.jsonl")).Select(text => JsonDocument.Parse(text).RootElement.GetProperty("reads").GetInt64()));
    }

    [Theory]
    [InlineData(RunningCli.Interrupt, 130)]
    [InlineData(RunningCli.Terminate, 143)]
    public void An_interrupted_study_keeps_what_is_done_and_goes_on_from_there(int signal, int code)
    {
        var file = _scratch.Write("slow.yaml", Slow);
        using (var running = Cli.Start("study", "run", file, "--out", _scratch.Path("out"), "--workers", "1", "--quiet"))
        {
            running.WaitUntil(() => Directory.Exists(_scratch.Path("out/runs")) && Runs() >= 5);
            running.Signal(signal);
            running.Finish().Refused(code, $"are done and kept in '{_scratch.Path("out")}'; the same command goes on from there");
        }

        var kept = Runs();
        Assert.InRange(kept, 5, 399);
        Assert.Contains($"400 runs, {400 - kept} of them new, 0 failed", Cli.Run("study", "run", file, "--out", _scratch.Path("out"), "--quiet").Succeeded().Output, StringComparison.Ordinal);
        Cli.Run("study", "run", file, "--out", _scratch.Path("whole"), "--quiet").Succeeded();
        Assert.Equal(File.ReadAllText(_scratch.Path("whole/results.csv")), File.ReadAllText(_scratch.Path("out/results.csv")));
    }

    [Fact]
    public void Failed_runs_end_with_exit_code_1_and_are_told()
    {
        var file = _scratch.Write("t.yaml", "study: t\nparameters: {n: [1, 2, 3]}\nmeasure: [frames]\nsteps: ['create a ${n * 4K}', expect: frames != 2]");
        var result = Cli.Run("study", "run", file, "--out", _scratch.Path("out"));

        Assert.Equal(1, result.Code);
        Assert.Equal($"reflink: 1 of 3 runs failed:\n  n 2, seed 1: EINVAL: {file}:4: expected frames != 2, but frames is 2\n", result.Error);
        Assert.Contains("3 runs, 3 of them new, 1 failed", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_run_where_something_is_wrong()
    {
        var file = _scratch.Write("t.yaml", "study: t\nmachine: {polcy: linux}\nsteps: [creat a 4K]");

        Cli.Run("study", "run", file, "--out", _scratch.Path("out")).Refused(1, $"2 mistakes in the study, nothing was run:\n  {file}:2:11: 'machine' has no 'polcy'; did you mean policy?\n  {file}:3:9: there is no step 'creat'; did you mean create?");
        Cli.Run("study", "check", file).Refused(1, "2 mistakes");
        Cli.Run("study", "run", "clone", "--out", _scratch.Path("out")).Refused(1, "no study 'clone' comes with the program; did you mean clones?");
        Cli.Run("study", "run", _scratch.Path("none.yaml"), "--out", _scratch.Path("out")).Refused(1, "cannot be read; name a YAML file");
        Cli.Run("study", "run", "clones", "--out", _scratch.Path("out"), "--set", "memery=1M").Refused(1, "did you mean memory?");
        Cli.Run("study", "run", "clones", "--out", _scratch.Path("out"), "--set", "memory").Refused(2, "--set takes NAME=VALUE");
        Cli.Run("study", "run", "clones", "--out", file).Refused(1, "is a file; name a folder with --out");
        Assert.Equal(["t.yaml"], _scratch.Names);
        Assert.False(Directory.Exists(_scratch.Path("out")));
    }

    [Fact]
    public void A_shipped_study_can_be_copied_and_run()
    {
        var file = _scratch.Write("mine.yaml", Cli.Run("study", "show", "clones").Succeeded().Output);

        Assert.Contains("clones", Cli.Run("study", "check", file).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("clones ", Cli.Run("study", "list").Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("vmstat.pgfault ", Cli.Run("study", "metrics").Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(Cli.Run("study", "schema").Succeeded().Output).RootElement.ValueKind);
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private int Runs() => Directory.GetFiles(_scratch.Path("out/runs"), "*.json").Length;
}
