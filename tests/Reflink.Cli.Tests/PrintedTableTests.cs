using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Reflink.Cli.Tests.Made;

namespace Reflink.Cli.Tests;

/// <summary>Every command of the tree either prints no table or prints one that fits the terminal, and as CSV and as JSON.</summary>
public sealed class PrintedTableTests(SampleFiles files) : IClassFixture<SampleFiles>
{
    /// <summary>They print files, scripts, or one sentence.</summary>
    private static readonly string[] s_without =
        ["patch make", "patch check", "patch convert", "record", "derive diff", "derive check", "derive convert", "derive apply", "derive rebase", "completions", "man", "study show", "study schema", "study serve", "study cancel", "report", "watch"];

    /// <summary>It asks a cluster, and prints what 'study run' does.</summary>
    private const string Attach = "study attach";

    public static TheoryData<string> Commands() => [.. Leaves(Program.Root(), []).Select(leaf => leaf.Name).Except(s_without).Where(name => name != Attach)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_table_fits_the_terminal_and_wide_shows_all_of_it(string command)
    {
        var (narrow, medium) = (Lines(80, command), Lines(120, command));
        var wide = Lines(80, command, "--wide");
        foreach (var (width, lines) in new[] { (80, narrow), (120, medium), (int.MaxValue, wide) })
        {
            Assert.All(lines, line => Assert.True(line.Length <= width || !line.Trim().Contains(' ', StringComparison.Ordinal), $"{line.Length} columns of {width}: {line}"));
            Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
            Assert.All(lines, line => Assert.DoesNotContain('\u001b', line));
        }

        Assert.DoesNotContain(wide, line => line.Contains("--wide shows", StringComparison.Ordinal));
        Assert.InRange(wide.Length, 0, medium.Length);
        Assert.InRange(medium.Length, 0, narrow.Length);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_table_is_printed_as_CSV_and_as_JSON(string command)
    {
        using var json = JsonDocument.Parse(Run(80, command, "--json"));
        Assert.Contains(json.RootElement.ValueKind, (JsonValueKind[])[JsonValueKind.Object, JsonValueKind.Array]);
        foreach (var table in Run(80, command, "--csv").TrimEnd('\n').Split("\n\n"))
        {
            Assert.Single(table.Split('\n').Select(Fields).Distinct());
        }
    }

    [SkippableFact]
    public void On_a_terminal_a_table_is_as_wide_as_that()
    {
        Skip.IfNot(File.Exists("/usr/bin/script"), "script(1) is not installed");
        var typed = $"stty cols 60; '{Cli.Host}' exec '{Path.Combine(AppContext.BaseDirectory, "Reflink.Cli.dll")}' ksm run vm-fleet --guests 3 --pages 50";
        using var running = new RunningCli(new ProcessStartInfo("/usr/bin/script", ["-qec", typed, "/dev/null"]));
        var printed = running.Finish().Succeeded().Output.ReplaceLineEndings("\n");

        // .NET tells the terminal before that keys may be read.
        Assert.EndsWith(Cli.RunIn(60, "ksm", "run", "vm-fleet", "--guests", "3", "--pages", "50").Output, printed, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_without_a_table_have_no_option_for_it() => Assert.Equal(
        s_without.Order(StringComparer.Ordinal),
        Leaves(Program.Root(), []).Where(leaf => leaf.Command.Options.All(option => option.Name != "--wide")).Select(leaf => leaf.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void One_form_at_a_time() => Cli.Run("ksm", "list", "--wide", "--csv").Refused(2, "--wide and --csv exclude each other; give one of them");

    [Fact]
    public void What_goes_into_a_file_is_the_same_without_a_terminal_as_with_80_columns() =>
        Assert.Equal(Cli.RunIn(80, files.Line("replay")), Cli.Run(files.Line("replay")));

    internal static IEnumerable<(string Name, Command Command)> Leaves(Command command, string[] path) => command.Subcommands.Count == 0
        ? [(string.Join(' ', path), command)]
        : command.Subcommands.SelectMany(below => Leaves(below, [.. path, below.Name]));

    // Commas outside of quotes.
    private static int Fields(string line) => line.Split('"').Where((_, i) => i % 2 == 0).Sum(part => part.Count(c => c == ',')) + 1;

    private string[] Lines(int width, string command, params string[] options) => Run(width, command, options).TrimEnd('\n').Split('\n');

    private string Run(int width, string command, params string[] options) => Cli.RunIn(width, [.. files.Line(command), .. options]).Succeeded().Output;
}
