using Reflink.Cli.Tests.Made;

namespace Reflink.Cli.Tests;

/// <summary>'reflink patch make': sets out of typed names.</summary>
public sealed class PatchMakeTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly string _path;

    public PatchMakeTests()
    {
        var bytes = ProbedElf.Make();
        bytes[0x1022] = 0xc3;
        _path = _scratch.Write("made.so", bytes);
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Names_become_a_set_on_standard_output()
    {
        var expected = $"reflink-patch-set 1\nname: db/start_1\nfile: {_path}\nsize: 14016\nsha256: {Reflink.Elf.ElfFile.Open(_path).Content}\n0x1010 90 cc db:commit\n0x1300 90 cc\n0x2000 90 cc db:commit\n";
        string[] line = ["patch", "make", _path + ":db:comm*", _path + ":0x1300", _path + ":db:commit", "--name", "db/start_1"];

        Assert.Equal(expected, Cli.Run(line).Succeeded().Output);
        Assert.Equal(expected, Cli.Run([.. line, "--output", "-"]).Succeeded().Output);
    }

    [Fact]
    public void A_file_in_either_format_fits_the_binary_and_shows_its_name()
    {
        var file = _scratch.Write("set", "what was there before");
        Cli.Run("patch", "make", _path + ":0x1ffe", "--patch", "jump", "--name", "a/b", "--format", "json", "--output", file).Succeeded();

        Assert.Equal("", Cli.Run("patch", "check", file, _path).Succeeded().Error);
        var shown = Cli.Run("patch", "show", file).Succeeded().Output;
        Assert.StartsWith("name      a/b\nfile      ", shown, StringComparison.Ordinal);
        Assert.EndsWith("\n     0x1ffe  9090909090  e9fb2f0000  -\n", shown, StringComparison.Ordinal);
        Assert.Contains("name: a/b\n", Cli.Run("patch", "convert", file, "--format", "text").Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal(["made.so", "set"], _scratch.Names);
    }

    [Fact]
    public void Sites_that_take_no_jump_are_all_named_or_skipped()
    {
        string[] line = ["patch", "make", _path + ":db:*", _path + ":0x1012", _path + ":0x2020", "--patch", "jump", "--output", _scratch.Path("set")];
        Cli.Run(line).Refused(
            1, $"2 of 5 sites of '{_path}' take no jump; nothing was written, --skip leaves them out\n",
            "\n  0x1012: overlaps the patch of db:commit at 0x1010\n", "\n  0x1020 (db:query): ret inside the 5 bytes\n");
        Assert.Equal(["made.so"], _scratch.Names);

        var skipped = Cli.Run([.. line, "--skip"]);
        Assert.Equal(("", "left out: 2 of 5 sites take no jump: 1 with control flow inside, 1 overlapping another\n", 0), (skipped.Output, skipped.Error, skipped.Code));
        Assert.Equal(3, File.ReadLines(_scratch.Path("set")).Count(entry => entry.StartsWith("0x", StringComparison.Ordinal)));
        Cli.Run("patch", "make", _path + ":db:query", "--patch", "jump", "--skip").Refused(1, "1 of 1 site of '", "' takes no jump", "take other sites, or another --patch");
    }

    [Fact]
    public void Wrong_names_are_refused()
    {
        var other = _scratch.Write("other.so", ProbedElf.Make());
        Cli.Run("patch", "make", _path + ":db:query", other + ":db:query").Refused(1, "are of two files", "make a set for each");
        Cli.Run("patch", "make", _path).Refused(1, $"'{_path}' names a file and no site of it; add :PROVIDER:NAME");
        Cli.Run("patch", "make", _path + ":db:query", _path + "@abcdef:db:query").Refused(1, "and abcdef was asked for");
        Cli.Run("patch", "make", _path + ":0x10").Refused(1, "file offset '0x10'", "is not code");
        Cli.Run("patch", "make", _path + ":db:query", "--nmae", "a/b").Refused(2, "SPEC takes a site; '--nmae' looks like an option", "write './--nmae'");
        Cli.Run("patch", "make").Refused(2, "'reflink patch make --help'");
        Cli.Run("patch", "make", _path + ":db:query", "--name", "query").Refused(2, "--name: the name 'query' is not GROUP/EVENT");
        Cli.Run("patch", "make", _path + ":db:query", "--patch", "call").Refused(2, "--patch takes one of int3,jump, not 'call'");
        Cli.Run("patch", "make", _path + ":db:query", "--output", "-x").Refused(2, "--output takes the name of a file; '-x' looks like an option");
    }
}
