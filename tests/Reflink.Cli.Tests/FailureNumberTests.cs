using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Reflink.Cli.Tests;

/// <summary>The numbers of failures that a program is told.</summary>
public sealed class FailureNumberTests
{
    [Fact]
    public void The_guide_shows_what_a_program_is_told()
    {
        var guide = File.ReadAllText(Path.Combine(Folder(), "..", "..", "src", "Reflink.Cli", "GUIDE.md"));
        Assert.Contains($"```\n$ reflink sites /no/such --json\n{Cli.Run("sites", "/no/such", "--json").Error}```\n", guide, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_full_disk_is_told_by_its_number()
    {
        Skip.IfNot(File.Exists("/dev/full"), "there is no /dev/full here");
        using var running = new RunningCli(new ProcessStartInfo("sh", ["-c", $"'{Cli.Host}' exec '{Path.Combine(AppContext.BaseDirectory, "Reflink.Cli.dll")}' ksm list --json > /dev/full"]));
        var result = running.Finish();
        using var json = JsonDocument.Parse(result.Error);

        Assert.Equal((1, "ENOSPC"), (result.Code, json.RootElement.GetProperty("errno").GetString()));
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
