namespace Reflink.Cli.Tests;

public sealed class HelpTests
{
    [Fact]
    public void Root_help_names_the_commands_with_examples()
    {
        var output = Cli.Run("--help").Succeeded().Output;

        Assert.Contains("reflink [command] [options]", output, StringComparison.Ordinal);
        Assert.All(["compare", "sites", "patch", "cache", "ksm", "volume"], command => Assert.Contains($"\n  {command} ", output, StringComparison.Ordinal));
        Assert.Contains("Examples:\n  reflink compare\n", output, StringComparison.Ordinal);
        Assert.Contains("Exit codes:", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bare_command_prints_its_help() => Assert.Equal(Cli.Run("--help").Output, Cli.Run().Succeeded().Output);

    [Fact]
    public void Compare_help_names_every_option_with_examples()
    {
        var output = Cli.Run("compare", "--help").Succeeded().Output;

        Assert.All(
            ["--binary", "--sites", "--site", "--patch", "--spread", "--processes", "--users", "--profiles", "--random", "--seed", "--mechanisms", "--domains", "--patches", "--save-patches", "--check", "--json"],
            option => Assert.Contains($"\n  {option} ", output, StringComparison.Ordinal));
        Assert.Contains("[default: flags,private,private+ksm,private+ksm-sync,private+ksm-partitioned,copied-file,delta,uprobes,user-overlay,text-poke,text-poke-inode-cache]", output, StringComparison.Ordinal);
        Assert.Contains("  reflink compare --patches ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sites", "--kind", "--match", "--patch <int3|jump>", "--json", "  reflink sites libjvm.so --kind sdt --match ")]
    [InlineData("patch", "show <FILE>", "check <FILE> <BINARY>", "convert <FILE>", "  reflink patch check ")]
    [InlineData("patch make", "<SPEC>...", "--patch <int3|jump>", "--name <GROUP/EVENT>", "--output <FILE|->", "--format <text|json>", "--skip", "  reflink patch make '/usr/bin/python3.11:python:gc*' ")]
    [InlineData("patch show", "<FILE>", "  reflink patch show ")]
    [InlineData("patch check", "<FILE>", "<BINARY>", "  reflink patch check ")]
    [InlineData("patch convert", "--format <text|json>", "--output", "  reflink patch convert some.json --format text ")]
    [InlineData("ksm", "  run ", "  list ", "  explain <STEP> ", "  reflink ksm run smart-scan-starvation")]
    [InlineData("volume", "  create <STORE> ", "  cp <STORE> ", "  fsck <STORE> ", "  reflink volume cp --reflink disk ")]
    [InlineData("volume put", "<STORE>", "<FILE>", "<PATH>", "--json", "  reflink volume put disk ")]
    [InlineData("ksm list", "  reflink ksm list\n      what ")]
    [InlineData("ksm run", "  vm-fleet ", "  reflink ksm run sensitive")]
    [InlineData("ksm run vm-fleet", "--guests <N>", "[default: 8]", "--common <N>", "--seed <N>", "--json", "  reflink ksm run vm-fleet")]
    [InlineData("ksm explain", "  advise NAME PROCESS ", "  pass [COUNT] ", "--memory <SIZE>", "  reflink ksm explain 'import ")]
    [InlineData("cache", "  clone-range NAME OFFSET LENGTH OTHER OFFSET ", "<STEP>...", "--file <FILE|->", "--keying", "--memory <SIZE>", "[default: 64MiB]", "--policy <fifo|lru|clock|linux|mglru|sieve|2q|", "--store <FOLDER>", "  reflink cache 'import /usr/bin/true a' ")]
    public void Help_of_a_command_names_what_it_takes_with_examples(string command, params string[] parts)
    {
        var output = Cli.Run([.. command.Split(' '), "--help"]).Succeeded().Output;

        Assert.All(parts, part => Assert.Contains(part, output, StringComparison.Ordinal));
        Assert.Contains("Examples:\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_is_a_version() =>
        Assert.Matches(@"^\d+\.\d+\.\d+", Cli.Run("--version").Succeeded().Output);
}
