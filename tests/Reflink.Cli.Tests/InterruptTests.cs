namespace Reflink.Cli.Tests;

/// <summary>Ctrl-C in the middle of the work.</summary>
public sealed class InterruptTests
{
    [Theory]
    [InlineData(RunningCli.Interrupt, 130)]
    [InlineData(RunningCli.Terminate, 143)]
    public void It_stops_cleanly(int signal, int code)
    {
        using var scratch = new Scratch();
        using var running = Cli.Start("compare", "--processes", "60", "--save-patches", scratch.Path("set"));

        // The set is written when all is checked and the work begins.
        running.WaitUntil(() => File.Exists(scratch.Path("set")));
        running.Signal(signal);
        running.Finish().Refused(code, "interrupted");
        Assert.Equal(["set"], scratch.Names);
    }
}
