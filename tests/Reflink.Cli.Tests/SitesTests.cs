using System.Text.Json;
using Reflink.Cli.Tests.Made;
using Reflink.Elf;

namespace Reflink.Cli.Tests;

/// <summary>What 'reflink sites' lists, and what 'compare --sites' takes of it.</summary>
public sealed class SitesTests : IDisposable
{
    private const string Probes = """
        made.so, build-id none
        kind  file offset  size  name
        sdt        0x1010     1  db:commit
        sdt        0x1020     1  db:query  8@%rdi -4@$5  semaphore 0x600
        sdt        0x2000     1  db:commit
        sdt: 3 sites, 2 names, on 2 of 2 pages of text
        functions: no sites; the file has no function of 5 bytes or more in its symbols or frame table

        """;

    private readonly Scratch _scratch = new();
    private readonly string _path;

    public SitesTests() => _path = _scratch.Write("made.so", ProbedElf.Make());

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Each_site_has_a_line_and_each_kind_a_summary() =>
        Assert.Equal(Probes, Cli.Run("sites", _path, "--kind", "sdt,functions", "--wide").Succeeded().Output.Replace(_path, "made.so", StringComparison.Ordinal));

    [Theory]
    [InlineData("db:com*", "sdt: 2 of 3 sites, 1 name, on 2 of 2 pages of text", 2)]
    [InlineData("*quer?", "sdt: 1 of 3 sites, 1 name, on 1 of 2 pages of text", 1)]
    [InlineData("DB:*", "sdt: none of 3 sites matches 'DB:*'", 0)]
    public void A_glob_chooses(string glob, string summary, int lines)
    {
        var output = Cli.Run("sites", _path, "--kind", "sdt", "--match", glob).Succeeded().Output.Split('\n');

        Assert.Equal(summary, output[^2]);
        Assert.Equal(lines, output.Count(line => line.StartsWith("sdt  ", StringComparison.Ordinal)));
    }

    [Fact]
    public void JSON_has_the_same()
    {
        using var json = JsonDocument.Parse(Cli.Run("sites", _path, "--json").Succeeded().Output);
        var root = json.RootElement;

        Assert.Equal(["functions 0 0 0", "sdt 3 2 2", "patchable 0 0 0", "xray 0 0 0"], root.GetProperty("kinds").EnumerateArray().Select(
            k => string.Join(' ', k.EnumerateObject().Select(p => p.Value.ToString()))));
        Assert.Equal(2, root.GetProperty("binary").GetProperty("textPages").GetInt32());
        Assert.Equal(["sdt 0x1010 1 db:commit", "sdt 0x1020 1 db:query 8@%rdi -4@$5 0x600", "sdt 0x2000 1 db:commit"], root.GetProperty("sites").EnumerateArray().Select(
            s => string.Join(' ', s.EnumerateObject().Select(p => p.Value.ToString()))));
    }

    [Fact]
    public void Functions_of_a_real_file_are_those_that_compare_takes()
    {
        var elf = ElfFile.Open(DefaultBinary.Find());
        var output = Cli.Run("sites", elf.Path, "--kind", "functions").Succeeded().Output;

        Assert.Equal(FunctionSites.Find(elf).Count, output.Split('\n').Count(line => line.StartsWith("functions  ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Compare_patches_all_probes_or_as_many_as_it_is_told()
    {
        string[] small = ["compare", "--binary", _path, "--sites", "sdt", "--processes", "2", "--mechanisms", "private", "--json"];

        Assert.Equal((3, 2), Sites(Cli.Run(small)));
        Assert.Equal((2, 1), Sites(Cli.Run([.. small, "--spread", "2"])));
    }

    [Fact]
    public void Compare_without_such_sites_says_where_it_looked() => Cli.Run("compare", "--binary", _path, "--sites", "xray")
        .Refused(1, _path, "has no sled in xray_instr_map", "name another binary, or other --sites");

    [Fact]
    public void A_file_that_is_not_there() => Cli.Run("sites", _scratch.Path("gone")).Refused(1, "'" + _scratch.Path("gone") + "' does not exist");

    [Fact]
    public void A_probe_that_cannot_be_used_is_told_and_the_others_are_listed()
    {
        var bytes = ProbedElf.Make();
        bytes[ProbedElf.NotesOffset + 22] ^= 0x80;
        var result = Cli.Run("sites", _scratch.Write("bad", bytes), "--kind", "sdt");
        Assert.Equal(0, result.Code);
        Assert.Contains("one sdt site is left out: ENOEXEC: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("the probe db:query is at address", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("db:query ", result.Output, StringComparison.Ordinal);
        Assert.Contains("\nsdt: ", result.Output, StringComparison.Ordinal);
    }

    private static (int Sites, int Pages) Sites(CliResult result)
    {
        using var json = JsonDocument.Parse(result.Succeeded().Output);
        return (json.RootElement.GetProperty("sites").GetInt32(), json.RootElement.GetProperty("patchedPages").GetInt32());
    }
}
