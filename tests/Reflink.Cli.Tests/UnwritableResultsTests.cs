namespace Reflink.Cli.Tests;

/// <summary>Studies whose folder cannot be written, because it is mounted read-only or its disk is full.</summary>
public sealed class UnwritableResultsTests : IDisposable
{
    private const string Text = """
        study: t
        parameters: {n: {from: 1, to: 300}}
        measure: [frames]
        steps: ['create a ${n * 4K}', read a, snapshot: end, expect: n != 2]
        """;

    private readonly Scratch _scratch = new();
    private readonly string _file;

    public UnwritableResultsTests() => _file = _scratch.Write("t.yaml", Text);

    private string Results => _scratch.Path("out");

    private string ReadOnly => $"mount --bind '{Results}' '{Results}' && mount -o remount,ro,bind '{Results}'";

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public void A_finished_study_in_a_folder_that_cannot_be_written_is_printed()
    {
        string[] run = ["study", "run", _file, "--out", Results, "--set", "n=1,3"];
        var written = Cli.Run(run).Succeeded();
        var page = File.ReadAllText(Path.Combine(Results, "report.html"));

        var again = Mounted(ReadOnly, run).Succeeded();
        Assert.Contains("t: 2 runs, 0 of them new, 0 failed", again.Output, StringComparison.Ordinal);
        Assert.Contains("cannot be written, so its tables and its report are as they were", string.Join(' ', again.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Contains(written.Output[written.Output.IndexOf("n  seed", StringComparison.Ordinal)..written.Output.IndexOf("results:", StringComparison.Ordinal)].Trim(), again.Output, StringComparison.Ordinal);
        Assert.Equal(page, Mounted(ReadOnly, "report", Results, "--out", "-").Succeeded().Output);
        Mounted(ReadOnly, "report", Results, "--out", _scratch.Path("page.html")).Succeeded();
        Assert.Equal(page, File.ReadAllText(_scratch.Path("page.html")));
    }

    [SkippableFact]
    public void What_would_have_to_be_run_into_a_folder_that_cannot_be_written_is_refused()
    {
        Cli.Run("study", "run", _file, "--out", Results, "--set", "n=2");

        Mounted(ReadOnly, "study", "run", _file, "--out", Results, "--set", "n=2,3,4").Refused(1, "EROFS", "cannot be written, and 2 of 3 runs are not done; name another folder with --out");
        Mounted(ReadOnly, "study", "run", _file, "--out", Results, "--set", "n=2", "--retry").Refused(1, "EROFS", "the 1 runs that failed cannot be run again");
    }

    [SkippableFact]
    public void A_full_disk_keeps_what_is_done_and_says_how_to_go_on()
    {
        Directory.CreateDirectory(Results);
        Mounted($"mount -t tmpfs -o size=256k none '{Results}'", "study", "run", _file, "--out", $"{Results}/t", "--workers", "1")
            .Refused(1, "ENOSPC", $" of 300 runs are done and kept in '{Results}/t'; make room on that disk, and the same command goes on from there");
    }

    [Fact]
    public void The_report_of_runs_that_all_failed_says_so_and_fails()
    {
        Cli.Run("study", "run", _file, "--out", Results, "--set", "n=2");

        Cli.Run("report", Results).Refused(1, "the only run of study t failed, so its report has no charts", "n 2, seed 1: EINVAL", "expected n != 2");
        Assert.True(File.Exists(Path.Combine(Results, "report.html")));
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_called_one()
    {
        File.CreateSymbolicLink(Results, "nowhere");

        Cli.Run("study", "run", _file, "--out", Results).Refused(1, "ENOENT", "is a symbolic link to 'nowhere', which does not exist; make that folder, or name another with --out");
    }

    private static CliResult Mounted(string mount, params string[] line)
    {
        var result = Cli.RunMounted(mount, line);
        Skip.If(result is null, "this computer lets nobody mount in a user namespace");
        return result!;
    }
}
