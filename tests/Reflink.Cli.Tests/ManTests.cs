using System.Diagnostics;
using Reflink.Cli.Manual;

namespace Reflink.Cli.Tests;

/// <summary>Manual pages: what they say, and that formatters take them without a warning.</summary>
public sealed class ManTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_page_has_every_section()
    {
        var page = Cli.Run("man", "volume", "put").Succeeded().Output;

        Assert.StartsWith(".TH REFLINK\\-VOLUME\\-PUT 1 ", page, StringComparison.Ordinal);
        Assert.Equal(
            ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "ENVIRONMENT", "SEE ALSO"],
            page.Split('\n').Where(line => line.StartsWith(".SH ", StringComparison.Ordinal)).Select(line => line[4..]));
        Assert.Contains("\n\\fBreflink volume put\\fR STORE FILE PATH [OPTION...]\n", page, StringComparison.Ordinal);
        Assert.Contains("\nreflink volume put disk /usr/bin/true /true\n", page, StringComparison.Ordinal);
        Assert.Contains("\n.TP\n\\fB\\-\\-wait\\fR \\fIN\\fR\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void All_pages_are_written_into_a_folder()
    {
        Cli.Run("man", "--output", _scratch.Path("man1")).Succeeded();
        var written = Directory.GetFiles(_scratch.Path("man1")).Select(Path.GetFileName).Order(StringComparer.Ordinal);

        Assert.Equal(ManPage.AllOf(Program.Root()).Select(page => page.FileName).Order(StringComparer.Ordinal), written);
        Assert.Equal(Cli.Run("man").Output, File.ReadAllText(Path.Combine(_scratch.Path("man1"), "reflink.1")));
    }

    [Fact]
    public void A_page_that_is_not_there_is_refused_with_the_nearest() =>
        Cli.Run("man", "volume", "pt").Refused(2, "there is no command 'pt' of 'reflink volume' (did you mean put?)", "'reflink volume --help' names them");

    [Fact]
    public void The_environment_is_described()
    {
        var page = Cli.Run("man").Succeeded().Output;
        Assert.All(["COLUMNS", "NO_COLOR"], name => Assert.Contains($"\\fB{name}\\fR", page, StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData("groff", "-ww", "-man", "-Tutf8", "-z")]
    [InlineData("mandoc", "-Tlint", "-Wwarning")]
    public void Formatters_take_every_page_without_a_warning(string formatter, params string[] options)
    {
        Skip.IfNot(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, formatter))), $"{formatter} is not installed");
        foreach (var page in ManPage.AllOf(Program.Root()))
        {
            using var running = new RunningCli(new ProcessStartInfo(formatter, [.. options, _scratch.Write(page.FileName, $"{page}")]));
            var result = running.Finish();
            Assert.Equal((page.Name, "", "", 0), (page.Name, result.Output, result.Error, result.Code));
        }
    }
}
