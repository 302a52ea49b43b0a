namespace Reflink.Cli.Tests.Made;

/// <summary>Small files of every kind that commands take, and for each command arguments with which it succeeds.</summary>
public sealed class SampleFiles : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Dictionary<string, string[]> _arguments;
    private int _copies;

    public SampleFiles()
    {
        var binary = _scratch.Write("made.so", ProbedElf.Make());
        var set = _scratch.Write("set", "reflink-patch-set 1\nfile: made.so\nsize: 14016\n0x1010 90 cc db:commit\n0x1ffe 909090 0f0b90\n");
        var edits = _scratch.Write("edits", """{ "format": "reflink-change-description 1", "bases": [ { "name": "/one" } ], "edits": [ { "do": "append", "text": "hello" } ] }""");
        var trace = _scratch.Write("trace.lirs", string.Concat(Enumerable.Range(0, 3000).Select(n => $"{n * 7 % 1000}\n")));
        Cli.Run("volume", "create", _scratch.Path("disk")).Succeeded();
        foreach (var name in (string[])["/one", "/two"])
        {
            Cli.Run("volume", "put", _scratch.Path("disk"), binary, name).Succeeded();
        }

        Cli.Run("volume", "setfattr", _scratch.Path("disk"), "/one", "user.note", "a note that is longer than most notes are").Succeeded();
        _arguments = new Dictionary<string, string[]>
        {
            ["compare"] = ["--binary", binary, "--sites", "sdt", "--processes", "5", "--users", "2"],
            ["sites"] = [binary, "--patch", "jump"],
            ["patch show"] = [set],
            ["cache"] = ["--keying", "block,inode", "create a 64K", "clone a b", "drop-caches", "read a", "read b", $"write b 8K '{new string('x', 90)} y'", $"import '{binary}' c"],
            ["ksm explain"] = ["create lib 16K", "map lib one", "store lib one 0 x", "advise lib one", "share lib two", "pass 4"],
            ["ksm run code-patching"] = ["--pages", "63"],
            ["replay"] = [trace, "--memory", "1MiB,4MiB", "--policy", "lru,fifo,sieve,belady"],
            ["study run"] = ["clones", "--out", _scratch.Path("study")],
            ["study check"] = ["clones"],
            ["trace"] = [trace],
            ["derive show"] = [set],
            ["volume create"] = [_scratch.Path("new"), "--size", "1M"],
            ["volume put"] = ["DISK", binary, "/three"],
            ["volume get"] = ["DISK", "/one", _scratch.Path("got")],
            ["volume cp"] = ["DISK", "/one", "/three"],
            ["volume derive"] = ["DISK", "/one", "/three", "--from", edits],
            ["volume dedupe"] = ["DISK", "/one", "/two"],
            ["volume mkdir"] = ["DISK", "/three"],
            ["volume ln"] = ["DISK", "/one", "/three"],
            ["volume mv"] = ["DISK", "/one", "/three"],
            ["volume write"] = ["DISK", "/one", binary],
            ["volume truncate"] = ["DISK", "/one", "4K"],
            ["volume punch"] = ["DISK", "/one", "0", "4K"],
            ["volume chmod"] = ["DISK", "755", "/one"],
            ["volume setfattr"] = ["DISK", "/one", "user.other", "x"],
        };
        foreach (var verb in (string[])["ls", "sync", "fsck", "df"])
        {
            _arguments[$"volume {verb}"] = ["DISK"];
        }

        foreach (var verb in (string[])["materialize", "extents", "stat", "rm", "getfattr"])
        {
            _arguments[$"volume {verb}"] = ["DISK", "/one"];
        }
    }

    /// <summary>A whole command line; what works on a volume gets one of its own.</summary>
    public string[] Line(string command) =>
        [.. command.Split(' '), .. _arguments.GetValueOrDefault(command, []).Select(a => a == "DISK" ? Disk() : a == _scratch.Path("new") ? $"{a}{_copies++}" : a)];

    public void Dispose() => _scratch.Dispose();

    private string Disk()
    {
        var copy = Directory.CreateDirectory(_scratch.Path($"disk{_copies++}"));
        foreach (var file in Directory.GetFiles(_scratch.Path("disk")))
        {
            File.Copy(file, Path.Combine(copy.FullName, Path.GetFileName(file)));
        }

        return copy.FullName;
    }
}
