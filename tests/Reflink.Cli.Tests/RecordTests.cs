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

    [SkippableFact]
    public void The_page_faults_of_a_command_are_recorded_and_replayed_on_a_machine()
    {
        RequirePerf();
        var trace = _scratch.Path("t.perf");
        var result = Cli.Run("record", "--mapped", "--output", trace, "--", "sh", "-c", "exit 7");
        Assert.Equal(7, result.Code);
        Assert.Contains("--machine --mapped", result.Error, StringComparison.Ordinal);
        var facts = Cli.Run("trace", trace).Succeeded().Output;
        Assert.Matches("perf: [0-9]+ requests", facts);
        Assert.Contains("page faults", facts, StringComparison.Ordinal);
        Assert.Contains("faults of anonymous memory and of the kernel left out", string.Join(' ', facts.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Contains("lru", Cli.Run("replay", trace, "--machine", "--mapped", "--memory", "1MiB", "--policy", "lru").Succeeded().Output, StringComparison.Ordinal);
        Cli.Run("record", "--mapped", "--output", trace, "--", "true").Refused(1, "EEXIST", "--force");

        // A program of the name of something that shells have built in is the program.
        Assert.Equal(0, Cli.Run("record", "--mapped", "--force", "--output", trace, "--", "echo", "hi").Code);
        Assert.Matches("perf: [0-9]+ requests", Cli.Run("trace", trace).Succeeded().Output);
        Cli.Run("record", "--mapped", "--force", "--output", trace, "--", "/no/such/program").Refused(1, "ENOENT", "'/no/such/program'");
    }

    [SkippableTheory]
    [InlineData("trap 'exit 9' TERM INT; ", RunningCli.Terminate, 9)]
    [InlineData("", RunningCli.Terminate, 128 + RunningCli.Terminate)]
    [InlineData("", RunningCli.Interrupt, 128 + RunningCli.Interrupt)]
    public void Signals_are_passed_on_to_a_command_whose_faults_are_recorded(string trap, int signal, int code)
    {
        RequirePerf();
        using var running = Cli.Start("record", "--mapped", "--force", "--output", _scratch.Path("t.perf"), "--", "sh", "-c", $"{trap}echo > {_scratch.Path("ready")}; while :; do sleep 0.1; done");
        running.WaitUntil(() => File.Exists(_scratch.Path("ready")));
        running.Signal(signal);
        Assert.Equal(code, running.Finish().Code);
        Cli.Run("trace", _scratch.Path("t.perf")).Succeeded();
    }

    private CliResult Record(params string[] command) => Cli.Run(["record", "--force", "--output", Trace, "--", .. command]);

    private static void RequireStrace() => Require("strace", "strace", "-o", "/dev/null", "true");

    private static void RequirePerf() => Require("perf", "linux-perf", "trace", "-F", "all", "--no-syscalls", "-o", "/dev/null", "--", "true");

    private static void Require(string program, string package, params string[] arguments)
    {
        try
        {
            using var tracer = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var said = tracer.StandardError.ReadToEnd();
            tracer.WaitForExit();
            Skip.If(tracer.ExitCode != 0, $"{program} cannot trace here: {said}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Skip.If(true, $"{program} is not on this machine; apt-get install {package}");
        }
    }
}
