using System.Diagnostics;

namespace Reflink.Cli.Tests;

/// <summary>Commands under strace.</summary>
public sealed class RecordTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private string Trace => _scratch.Path("t.strace");

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public void What_cp_copies_within_the_kernel_is_in_the_trace()
    {
        RequireStrace();
        File.WriteAllBytes(_scratch.Path("a"), new byte[5 * 4096]);
        Record("cp", "--reflink=never", _scratch.Path("a"), _scratch.Path("b"));
        var text = File.ReadAllText(Trace);
        var facts = Cli.Run("trace", Trace).Succeeded().Output;

        // Whatever calls this cp uses: five pages of either file.
        Assert.True(text.Contains("copy_file_range(", StringComparison.Ordinal) || text.Contains("read(", StringComparison.Ordinal), text);
        Assert.Matches("[0-9]+ reads, 5 writes", facts);
    }

    [SkippableFact]
    public void The_exit_status_of_the_command_is_passed_on()
    {
        RequireStrace();
        Assert.Equal(7, Record("sh", "-c", "exit 7").Code);
        Assert.Equal(128 + RunningCli.Terminate, Record("sh", "-c", "kill -TERM $$").Code);
    }

    [SkippableTheory]
    [InlineData(RunningCli.Interrupt, "INT")]
    [InlineData(RunningCli.Terminate, "TERM")]
    public void Signals_are_passed_on_to_the_command(int signal, string name)
    {
        RequireStrace();
        using var running = Cli.Start("record", "--force", "--output", Trace, "--", "sh", "-c", $"trap 'exit 9' {name}; echo > {_scratch.Path("ready")}; while :; do sleep 0.1; done");
        running.WaitUntil(() => File.Exists(_scratch.Path("ready")));
        running.Signal(signal);
        Assert.Equal(9, running.Finish().Code);
    }

    [SkippableFact]
    public void A_trace_that_is_there_is_replaced_only_by_force()
    {
        RequireStrace();
        _scratch.Write("t.strace", "old");
        Cli.Run("record", "--output", Trace, "--", "true").Refused(1, "EEXIST", "--force");
        Assert.Equal("old", File.ReadAllText(Trace));
        Assert.Equal(0, Record("true").Code);
        Assert.NotEqual("old", File.ReadAllText(Trace));
    }

    private CliResult Record(params string[] command) => Cli.Run(["record", "--force", "--output", Trace, "--", .. command]);

    private static void RequireStrace()
    {
        try
        {
            using var strace = Process.Start(new ProcessStartInfo("strace", ["-o", "/dev/null", "true"]) { RedirectStandardError = true })!;
            var said = strace.StandardError.ReadToEnd();
            strace.WaitForExit();
            Skip.If(strace.ExitCode != 0, $"strace cannot trace here: {said}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Skip.If(true, "strace is not on this machine; apt-get install strace");
        }
    }
}
