using Reflink.Cli.Tests.Made;

namespace Reflink.Cli.Tests;

/// <summary>'reflink patch': sets shown, checked with every problem listed, and converted there and back.</summary>
public sealed class PatchCommandTests : IDisposable
{
    private const string Set = "reflink-patch-set 1\nfile: made.so\nsize: 14016\n0x1010 90 cc db:commit\n0x1ffe 909090 0f0b90\n";
    private readonly Scratch _scratch = new();
    private readonly string _binary;

    public PatchCommandTests() => _binary = _scratch.Write("made.so", ProbedElf.Make());

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public void A_set_is_shown_whatever_its_format(string format)
    {
        Cli.Run("patch", "convert", _scratch.Write("text", Set), "--format", format, "--output", _scratch.Path("set")).Succeeded();
        var lines = Cli.Run("patch", "show", _scratch.Path("set")).Succeeded().Output.Split('\n');

        Assert.Equal(["file      made.so", "build-id  none", "size      14,016 bytes"], lines[..3]);
        Assert.Matches("^id        [0-9a-f]{64}$", lines[3]);
        Assert.Equal(["patches   2", "bytes     4", "pages     2"], lines[4..7]);
        Assert.Equal(["", "file offset  old     new     name", "     0x1010  90      cc      db:commit", "     0x1ffe  909090  0f0b90  -", ""], lines[7..]);
    }

    [Fact]
    public void Binaries_and_devices_are_no_sets_and_nothing_of_them_is_printed()
    {
        Cli.Run("patch", "show", _binary).Refused(1, $"'{_binary}' is no text", "name a file that 'reflink patch make'");
        Cli.Run("patch", "show", "/dev/zero").Refused(1, "'/dev/zero' is no text");
        Cli.Run("patch", "show", _scratch.Write("red", "\u001b[31mred\n")).Refused(1, @"found '\x1b[31mred'");
    }

    [Fact]
    public void The_binary_may_be_asked_for_by_build()
    {
        var set = _scratch.Write("set", Set);
        Cli.Run("patch", "check", set, _binary + "@abcdef").Refused(1, "has build-id none, and abcdef was asked for");
        Cli.Run("patch", "check", set, _binary + ":0x1010").Refused(1, "names a site, and here a whole file is meant; leave ':0x1010' out");
    }

    [Fact]
    public void Converted_there_and_back_nothing_has_changed()
    {
        var json = Cli.Run("patch", "convert", _scratch.Write("set", Set), "--format", "json").Succeeded().Output;
        var text = Cli.Run("patch", "convert", _scratch.Write("set.json", json), "--format", "text").Succeeded().Output;

        Assert.StartsWith("{\n  \"format\": \"reflink-patch-set 1\",\n  \"file\": \"made.so\",\n  \"size\": 14016,\n", json, StringComparison.Ordinal);
        Assert.Equal(Set, text);
    }

    [Fact]
    public void A_set_that_fits_is_said_to() => Assert.Equal(
        $"'{_scratch.Path("set")}' fits '{_binary}': 2 patches on 2 pages, build-id none\n",
        Cli.Run("patch", "check", _scratch.Write("set", Set), _binary).Succeeded().Output);

    [Fact]
    public void Everything_that_does_not_fit_is_listed()
    {
        var entries = string.Concat(Enumerable.Range(0, 9).Select(i => $"0x{0x1100 + i:x} 55 cc\n"));
        var path = _scratch.Write("set", $"reflink-patch-set 1\nbuild-id: 00ff\nsize: 99999\n0x10 00 cc early\n{entries}0x2fff 9090 cccc\n0x4000 90 cc\n");
        var result = Cli.Run("patch", "check", path, _binary);

        result.Refused(
            1, $"'{path}' does not fit '{_binary}'; ", $"\n  is for build-id 00ff, '{_binary}' has none\n  is for a file of 99999 bytes, '{_binary}' has 14016\n",
            "\n  0x10 (early): lies outside of the executable segments, file offsets 0x1000 to 0x3000\n", "\n  0x1108: expected 55, found 90\n",
            "\n  0x2fff: lies outside", "\n  0x4000: ends at 0x4001, but the file ends at 0x36c0\n");
        Assert.Equal(15, result.Error.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public void Mistakes_in_either_format_are_named_with_their_place()
    {
        Cli.Run("patch", "show", _scratch.Write("a", "reflink-patch-set 1\n0x1 9 cc\n")).Refused(1, $"{_scratch.Path("a")}:2: expected old bytes");
        Cli.Run("patch", "show", _scratch.Write("b", "\n{ \"format\": 7 }")).Refused(1, $"{_scratch.Path("b")}:2:13: expected a format");
        Cli.Run("patch", "convert", _scratch.Path("gone"), "--format", "json").Refused(1, _scratch.Path("gone"), "cannot be read");
    }

    [Fact]
    public void What_compare_saved_fits_and_compare_takes_it_as_JSON()
    {
        string[] small = ["compare", "--binary", _binary, "--processes", "2", "--mechanisms", "private", "--json"];
        var saved = Cli.Run([.. small, "--sites", "sdt", "--save-patches", _scratch.Path("set")]).Succeeded();
        Cli.Run("patch", "check", _scratch.Path("set"), _binary).Succeeded();
        Cli.Run("patch", "convert", _scratch.Path("set"), "--format", "json", "--output", _scratch.Path("set.json")).Succeeded();

        Assert.Equal(["made.so", "set", "set.json"], _scratch.Names);
        Assert.Equal(saved, Cli.Run([.. small, "--patches", _scratch.Path("set.json")]));
    }
}
