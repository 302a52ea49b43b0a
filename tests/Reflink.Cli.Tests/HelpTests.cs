namespace Reflink.Cli.Tests;

public sealed class HelpTests
{
    [Fact]
    public void Root_help_names_the_commands_with_examples()
    {
        var output = Cli.Run("--help").Succeeded().Output;

        Assert.Contains("reflink [command] [options]", output, StringComparison.Ordinal);
        Assert.Contains("  compare ", output, StringComparison.Ordinal);
        Assert.Contains("Examples:\n  reflink compare\n", output, StringComparison.Ordinal);
        Assert.Contains("Exit codes:", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_help_names_every_option_with_examples()
    {
        var output = Cli.Run("compare", "--help").Succeeded().Output;

        Assert.All(
            ["--binary", "--sites", "--spread", "--processes", "--users", "--mechanisms", "--patches", "--save-patches", "--check", "--json"],
            option => Assert.Contains($"\n  {option} ", output, StringComparison.Ordinal));
        Assert.Contains("[default: private,copied-file,delta,text-poke]", output, StringComparison.Ordinal);
        Assert.Contains("  reflink compare --patches ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_is_a_version() =>
        Assert.Matches(@"^\d+\.\d+\.\d+", Cli.Run("--version").Succeeded().Output);
}
