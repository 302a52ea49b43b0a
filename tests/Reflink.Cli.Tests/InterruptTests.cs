using System.Diagnostics;

namespace Reflink.Cli.Tests;

/// <summary>Ctrl-C in the middle of the work.</summary>
public sealed class InterruptTests
{
    [Theory]
    [InlineData("-INT", 130)]
    [InlineData("-TERM", 143)]
    public void It_stops_cleanly(string signal, int code)
    {
        using var scratch = new Scratch();
        using var process = Cli.Start("compare", "--processes", "400", "--save-patches", scratch.Path("set"));

        // The set is written when all is checked and the work begins.
        for (var waited = 0; !File.Exists(scratch.Path("set")) && waited < 60_000; waited += 50)
        {
            Thread.Sleep(50);
        }

        Assert.False(process.HasExited);
        using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
        Cli.Finish(process).Refused(code, "interrupted");
        Assert.Equal(["set"], scratch.Names);
    }
}
