using System.Diagnostics;

namespace Reflink.Cli.Tests;

/// <summary>The command does the same however the machine's memory is reserved on this computer.</summary>
public sealed class MemoryTests
{
    private static readonly string[] s_experiment =
    [
        "cache", "--memory", "128K", "create a 400K", "clone a b", "write b 8K hello", "map b one", "store b one 0 x", "fork one two", "store b two 4K y", "read a", "drop-caches", "read b", "delete a",
    ];

    [Theory]
    [InlineData("reserved")]
    [InlineData("plain")]
    public void Machines_work_on_memory_of_every_kind(string way) =>
        Assert.Equal(Run("mapped", s_experiment).Succeeded().Output, Run(way, s_experiment).Succeeded().Output);

    [Fact]
    public void A_kind_that_does_not_exist_is_named_and_the_others_are_listed()
    {
        var refused = Run("fast", s_experiment);

        Assert.NotEqual(0, refused.Code);
        Assert.Contains("REFLINK_MEMORY is 'fast'; it may be mapped, reserved or plain", refused.Error, StringComparison.Ordinal);
    }

    private static CliResult Run(string way, string[] arguments)
    {
        var start = new ProcessStartInfo(Cli.Host, ["exec", Path.Combine(AppContext.BaseDirectory, "Reflink.Cli.dll"), .. arguments]);
        start.Environment["REFLINK_MEMORY"] = way;
        using var running = new RunningCli(start);
        return running.Finish();
    }
}
