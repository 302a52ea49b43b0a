using System.Diagnostics;
using System.Text.Json;

namespace Reflink.Cli.Tests;

/// <summary>Every command on names, bytes and attributes of a volume, and trees that go in and come out.</summary>
public sealed class VolumeTreeTests : IDisposable
{
    private readonly ScratchFolder _folder = new("tree");

    private string Disk => _folder.Of("disk");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_bytes_and_attributes_are_changed_by_commands()
    {
        File.WriteAllText(_folder.Of("note"), "a note");
        Assert.Equal("", Run("create", "--size", "1M"));
        Assert.Matches("size    1,024 KiB\nused    0 KiB\nfree    1,024 KiB\ninodes  1\n", Run("df"));
        Run("mkdir", "-p", "/a/b/c");
        Cli.Run("volume", "mkdir", Disk, "/a").Refused(1, "EEXIST");
        Run("write", "/a/note", _folder.Of("note"), "--offset", "4K");
        Assert.Matches("size +4102\nblocks +1\n", Run("stat", "/a/note"));
        Run("ln", "/a/note", "/a/again");
        Run("ln", "-s", "a/note", "/link");
        Run("chmod", "4755", "/a/note");
        Assert.Matches("links +2\nmode +4755\nmodifiedAt +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{9} UTC\n", Run("stat", "/a/again"));
        Cli.Run("volume", "chmod", Disk, "999", "/a/note").Refused(1, "EINVAL", "octal");
        Run("setfattr", "/a/note", "user.origin", "here and there");
        Run("setfattr", "/a/note", "user.bytes", "0x00ff");
        Assert.Equal("user.bytes=0x00ff\nuser.origin='here and there'\n", Run("getfattr", "/a/again"));
        Run("setfattr", "/a/note", "user.bytes", "");
        Assert.Equal("user.origin='here and there'\n", Run("getfattr", "/a/note"));
        Run("truncate", "/a/note", "64K");
        Run("punch", "/a/note", "4K", "4K");
        Assert.Matches("size +65536\nblocks +0\n", Run("stat", "/a/note"));
        Run("mv", "/a/again", "/a/b");
        Run("mv", "/a/b/again", "/a/b/other");
        Assert.Matches("(?s)a\n.*link -> ", Run("ls"));
        Assert.Contains("other", Run("ls", "/a/b"), StringComparison.Ordinal);
        Cli.Run("volume", "rm", Disk, "/a").Refused(1, "EISDIR", "-r");
        Run("rm", "/link");
        Run("rm", "-r", "/a");
        Assert.Equal("", Run("ls"));
        Cli.Run("volume", "truncate", Disk, "/x", "much").Refused(2, "SIZE takes bytes");
        Assert.Equal("no damage\n", Run("fsck"));
    }

    [Fact]
    public void What_a_command_makes_has_the_time_of_this_computer()
    {
        var before = DateTime.UtcNow;
        Run("create");
        Run("mkdir", "/made");
        using var json = JsonDocument.Parse(Run("stat", "/made", "--json"));
        var made = DateTime.UnixEpoch.AddTicks(json.RootElement.GetProperty("modifiedAt").GetInt64() / 100);

        Assert.InRange(made, before, DateTime.UtcNow);
    }

    [Fact]
    public void A_volume_is_no_larger_than_it_was_made()
    {
        File.WriteAllBytes(_folder.Of("large"), [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i % 251))]);
        Run("create", "--size", "64K");
        Cli.Run("volume", "put", Disk, _folder.Of("large"), "/large").Refused(1, "ENOSPC");
        Assert.Contains("free    64 KiB\n", Run("df"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tree_goes_in_and_comes_out_as_it_was()
    {
        var tree = _folder.Of("tree");
        Do("mkdir", "-p", $"{tree}/empty", $"{tree}/sub/deeper");
        File.WriteAllText($"{tree}/sub/file", "contents");
        Do("truncate", "-s", "1M", $"{tree}/sparse");
        Do("ln", $"{tree}/sub/file", $"{tree}/sub/deeper/same");
        Do("ln", "-s", "../nowhere", $"{tree}/sub/link");
        Do("chmod", "700", $"{tree}/sub");
        Do("chmod", "640", $"{tree}/sub/file");
        Do("touch", "-d", "2001-02-03 04:05:06.789", $"{tree}/sub/file", $"{tree}/empty", $"{tree}/sub");
        Do("mkfifo", $"{tree}/pipe");
        var hasAttributes = Does("setfattr", "-n", "user.origin", "-v", "here", $"{tree}/sub/file");
        Run("create");
        var put = Cli.Run("volume", "put", "-r", Disk, tree, "/tree");
        Assert.Equal(0, put.Code);
        Assert.Contains("left out: ", put.Error, StringComparison.Ordinal);
        Assert.Contains("pipe", put.Error, StringComparison.Ordinal);
        Run("get", "-r", "/tree", _folder.Of("out"));
        File.Delete($"{tree}/pipe");
        Do("touch", "-d", "2001-02-03 04:05:06", tree, _folder.Of("out"));
        const string Format = "%P %y %m %n %s %T@\\n";
        Assert.Equal(Do("find", tree, "!", "-type", "l", "-printf", Format).Split('\n').Order(StringComparer.Ordinal), Do("find", _folder.Of("out"), "!", "-type", "l", "-printf", Format).Split('\n').Order(StringComparer.Ordinal));
        Do("diff", "-r", "--no-dereference", tree, _folder.Of("out"));
        Assert.Equal("0", Do("stat", "-c", "%b", $"{_folder.Of("out")}/sparse").Trim());
        Assert.Equal(hasAttributes, Run("getfattr", "/tree/sub/file") == "user.origin=here\n");
        Cli.Run("volume", "get", "-r", Disk, "/tree", _folder.Of("out")).Refused(1, "EEXIST");
        Cli.Run("volume", "put", "-r", Disk, $"{tree}/sub/file", "/x").Refused(1, "ENOTDIR");
    }

    private string Run(string verb, params string[] arguments)
    {
        var options = arguments.TakeWhile(a => a is "-r" or "-p" or "-s").ToArray();
        return Cli.Run(["volume", verb, .. options, Disk, .. arguments.Skip(options.Length)]).Succeeded().Output;
    }

    private static string Do(params string[] line)
    {
        using var process = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    private static bool Does(params string[] line)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
