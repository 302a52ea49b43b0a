using System.Text.Json;
using Reflink.Cli.Tests.Made;

namespace Reflink.Cli.Tests;

/// <summary>'reflink sites' with a patch or a typed name, and 'reflink compare' with jumps and typed names.</summary>
public sealed class JumpSitesTests : IDisposable
{
    // At 0x1010 no-ops, at 0x1020 a call, and at 0x2000 no-ops with a branch to the third, far behind.
    private const string Listing = """
        made.so, build-id none
        kind  file offset  size  jump  name
        sdt        0x1010     1     5  db:commit
        sdt        0x1020     1     -  db:query  8@%rdi -4@$5  semaphore 0x600  no jump: call inside the 5 bytes
        sdt        0x2000     1     -  db:commit  no jump: branch target 2 bytes inside, from 0x2040
        sdt: 3 sites, 2 names, on 2 of 2 pages of text
        sdt: 2 of 3 sites take no jump: 1 with a branch target inside, 1 with control flow inside

        """;

    private const string LeftOut = "2 of 3 sites take no jump: 1 with a branch target inside, 1 with control flow inside; see 'reflink sites ";
    private readonly Scratch _scratch = new();
    private readonly string _path;

    public JumpSitesTests()
    {
        var bytes = ProbedElf.Make();
        ((ReadOnlySpan<byte>)[0xe8, 0, 0, 0, 0]).CopyTo(bytes.AsSpan(0x1021));
        ((ReadOnlySpan<byte>)[0x74, 0xc0]).CopyTo(bytes.AsSpan(0x2040));
        _path = _scratch.Write("made.so", bytes);
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Each_site_says_whether_it_takes_the_jump() => Assert.Equal(Listing, Run("sites", _path, "--kind", "sdt", "--patch", "jump", "--wide"));

    [Fact]
    public void A_breakpoint_goes_anywhere()
    {
        var output = Run("sites", _path, "--kind", "sdt,xray", "--patch", "int3");

        Assert.Contains("\nkind  file offset  size  int3  name\nsdt        0x1010     1     1  db:commit\n", output, StringComparison.Ordinal);
        Assert.Contains("\nsdt: every site takes the int3\nxray: no sites; ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_has_the_same()
    {
        using var json = JsonDocument.Parse(Run("sites", _path, "--kind", "sdt", "--patch", "jump", "--json"));
        var root = json.RootElement;

        Assert.Equal(
            "{\"kind\":\"jump\",\"fits\":1,\"misfits\":{\"branchTarget\":1,\"controlFlow\":1}}",
            JsonSerializer.Serialize(root.GetProperty("kinds")[0].GetProperty("patch")));
        Assert.Equal(
            ["{\"fits\":true,\"length\":5}", "{\"fits\":false,\"obstacle\":\"controlFlow\",\"reason\":\"call inside the 5 bytes\"}"],
            root.GetProperty("sites").EnumerateArray().Take(2).Select(site => JsonSerializer.Serialize(site.GetProperty("patch"))));
    }

    [Theory]
    [InlineData(":db:com*", "sdt: 2 sites, 1 name, on 2 of 2 pages of text")]
    [InlineData(":*:q?ery", "sdt: 1 site, 1 name, on 1 of 2 pages of text")]
    [InlineData(":0x1013", "functions: 1 site, 0 names, on 1 of 2 pages of text")]
    public void A_typed_name_chooses(string place, string summary) =>
        Assert.Equal(summary, Run("sites", _path + place).TrimEnd().Split('\n')[^1]);

    [Fact]
    public void A_typed_name_that_is_wrong_is_told()
    {
        Cli.Run("sites", _path + ":db:quary").Refused(1, "ENOENT", "there is no probe 'db:quary'", "the nearest is db:query");
        Cli.Run("sites", _path + ":db:*", "--kind", "xray").Refused(1, "'db:*' and --kind both say which sites");
        Cli.Run("sites", _path + ":db:*", "--match", "x").Refused(1, "'db:*' and --match both say which sites");
        Cli.Run("sites", _path + "@abcdef:db:*").Refused(1, "has build-id none, and abcdef was asked for");
        Cli.Run("sites", _scratch.Path("gone:db:query")).Refused(1, "gone' does not exist");
    }

    [Fact]
    public void Compare_leaves_out_what_takes_no_jump_and_counts_it()
    {
        string[] small = ["compare", "--processes", "2", "--mechanisms", "private", "--patch", "jump"];
        var output = Run([.. small, "--binary", _path, "--sites", "sdt", "--wide", "--save-patches", _scratch.Path("set")]);
        var json = Cli.Run([.. small, "--binary", _path, "--site", "db:*", "--json"]);

        Assert.StartsWith($"{LeftOut}{_path} --patch jump'\n", output, StringComparison.Ordinal);
        Assert.Contains("\n1 site on 1 of 2 pages of text", output, StringComparison.Ordinal);
        Assert.Contains("\n0x1010 9090909090 e9fb2f0000 db:commit\n", File.ReadAllText(_scratch.Path("set")), StringComparison.Ordinal);
        Assert.StartsWith($"{{\"remark\":\"{LeftOut}", json.Error, StringComparison.Ordinal);
        Assert.Equal((1, 0), (Sites(json.Output), json.Code));
    }

    [Fact]
    public void Compare_takes_typed_names_with_and_without_a_path()
    {
        string[] small = ["compare", "--processes", "2", "--mechanisms", "private", "--json"];

        Assert.Equal(2, Sites(Run([.. small, "--site", _path + ":db:query", "--site", _path + ":0x2ff0"])));
        Assert.Equal(2, Sites(Run([.. small, "--binary", _path, "--site", "db:commit"])));
        Cli.Run([.. small[..^1], "--binary", _path, "--site", "db:nothing_like"]).Refused(1, "there is no probe 'db:nothing_like'");
        Cli.Run([.. small[..^1], "--binary", _path, "--site", "db:query", "--patch", "jump"]).Refused(1, "1 of 1 site takes no jump", "take other sites or another --patch");
        Cli.Run([.. small[..^1], "--site", _path + ":db:query", "--sites", "sdt"]).Refused(2, "--site and --sites both say what to patch");
        Cli.Run([.. small[..^1], "--binary", _path, "--site", _path + ":db:query"]).Refused(2, "--site", "and --binary both name a file; leave one of them out");
        Cli.Run([.. small[..^1], "--binary", _path + "@abcdef"]).Refused(1, "and abcdef was asked for");
        Cli.Run([.. small[..^1], "--site", "x", "--patches", "y"]).Refused(2, "--patches and --site both say what to patch");
    }

    private static string Run(params string[] arguments) =>
        Cli.Run(arguments).Succeeded().Output.Replace(arguments[1], Path.GetFileName(arguments[1]), StringComparison.Ordinal);

    private static int Sites(string output)
    {
        using var json = JsonDocument.Parse(output);
        return json.RootElement.GetProperty("sites").GetInt32();
    }
}
