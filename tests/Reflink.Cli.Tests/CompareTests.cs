using System.Text.Json;
using Reflink.Elf;

namespace Reflink.Cli.Tests;

/// <summary>The comparison itself, small, on the binary that is always there.</summary>
public sealed class CompareTests
{
    private const int Processes = 6;
    private readonly ElfFile _elf = ElfFile.Open(DefaultBinary.Find());

    [Fact]
    public void The_picture_has_a_bar_for_every_design_and_a_name_that_is_no_picture_is_refused_before_the_work()
    {
        using var folder = new ScratchFolder("picture");
        Small("--plot", folder.Of("memory.svg")).Succeeded();
        var picture = File.ReadAllText(folder.Of("memory.svg"));

        Assert.All(["flags", "private", "text-poke", "at the peak", "reverted", "MiB of memory"], word => Assert.Contains($">{word}<", picture, StringComparison.Ordinal));
        Small("--plot", folder.Of("memory.png")).Refused(2, "--plot takes the name of a file that ends in .svg");
    }

    [Fact]
    public void Json_has_the_shape_that_programs_rely_on()
    {
        using var json = JsonDocument.Parse(Small("--json").Succeeded().Output);

        Assert.Equal(["binary", "sites", "patchedPages", "processes", "users", "choice", "counts", "mechanisms", "refused"], Names(json.RootElement));
        Assert.Equal(["path", "buildId", "textPages"], Names(json.RootElement.GetProperty("binary")));
        Assert.Equal(["description", "profiles", "sitesPerProcess", "seed"], Names(json.RootElement.GetProperty("choice")));
        Assert.Equal(["pages", "versions", "userVersions", "processVersions", "profilePages", "inodePages"], Names(json.RootElement.GetProperty("counts")));
        var mechanisms = json.RootElement.GetProperty("mechanisms").EnumerateArray().ToList();
        Assert.Equal(["flags", "private", "private+ksm", "private+ksm-sync", "private+ksm-partitioned", "copied-file", "delta", "uprobes", "user-overlay", "text-poke", "text-poke-inode-cache"], mechanisms.Select(m => m.GetProperty("name").GetString()));
        Assert.Equal(["process", "process", "process", "process", "process", "mapping", "mapping", "system", "user", "mapping", "mapping"], mechanisms.Select(m => m.GetProperty("scope").GetString()));
        Assert.All(mechanisms[..^1], m => Assert.Equal("block", m.GetProperty("keying").GetString()));
        Assert.Equal("inode", mechanisms[^1].GetProperty("keying").GetString());
        Assert.All(mechanisms, m => Assert.Equal("machine", m.GetProperty("domain").GetString()));
        string[] figures =
        [
            "name", "caveat", "keying", "domain", "patchedFrames", "expectedFrames", "privateFrames", "totalFrames", "patchPeakFrames", "peakFrames", "pssBytesBefore", "pssBytes",
            "smapsPssKiBBefore", "smapsPssKiB", "privateDirtyBytes", "vmasPerProcess", "callerNs", "daemonNs", "pagesShared", "pagesSharing", "generalProfit", "exposedPairs",
            "framesAfterRevert", "cachedAfterRevert", "framesAfterExit", "cachedAfterExit", "scope",
        ];
        Assert.All(mechanisms, m => Assert.Equal(figures, Names(m)));
    }

    [Fact]
    public void The_figures_agree_with_each_other_and_with_the_file()
    {
        using var json = JsonDocument.Parse(Small("--json", "--mechanisms", "flags,private,copied-file,delta,text-poke").Succeeded().Output);
        var root = new Figures(json.RootElement);
        var pages = root["patchedPages"];

        Assert.Equal(_elf.TextPages, new Figures(json.RootElement.GetProperty("binary"))["textPages"]);
        Assert.Equal([300, Processes, 2], [root["sites"], root["processes"], root["users"]]);
        Assert.InRange(pages, 100, 300);
        var counts = new Figures(json.RootElement.GetProperty("counts"));
        Assert.Equal([Processes * pages, pages, 2 * pages, pages], [counts["pages"], counts["versions"], counts["userVersions"], counts["profilePages"]]);
        var all = json.RootElement.GetProperty("mechanisms").EnumerateArray().Skip(1).Select(m => new Figures(m)).ToList();
        foreach (var (i, mechanism) in all.Index())
        {
            var copies = i == 0 ? Processes : 0;
            var isDelta = i == 2;
            var kept = i == 3 ? pages : 0;
            Assert.Equal(_elf.TextPages * 4096, mechanism["pssBytesBefore"]);
            Assert.Equal((_elf.TextPages + (Math.Max(0, copies - 1) * pages)) * 4096, mechanism["pssBytes"]);
            Assert.Equal(Math.Max(1, copies) * pages, mechanism["patchedFrames"]);
            Assert.Equal(mechanism["patchedFrames"], mechanism["expectedFrames"]);
            Assert.Equal(copies * pages, mechanism["privateFrames"]);
            Assert.Equal(copies * pages * 4096, mechanism["privateDirtyBytes"]);
            Assert.Equal(copies * pages, mechanism["framesAfterRevert"]);
            Assert.Equal([0, kept, kept], [mechanism["framesAfterExit"], mechanism["cachedAfterRevert"], mechanism["cachedAfterExit"]]);
            Assert.InRange(mechanism["pssBytes"] - (mechanism["smapsPssKiB"] * 1024), 0, Processes * mechanism["vmasPerProcess"] * 1024);
            Assert.InRange(mechanism["peakFrames"], mechanism["totalFrames"], long.MaxValue);
            Assert.InRange(mechanism["vmasPerProcess"], isDelta ? 2 : 1, isDelta ? (2 * pages) + 1 : 1);
            Assert.Equal(0, mechanism["daemonNs"]);
            Assert.InRange(mechanism["callerNs"], 1, long.MaxValue);
        }

        Assert.Equal(all[3]["totalFrames"], all[3]["peakFrames"]);
        Assert.Equal(_elf.TextPages + pages, all[3]["totalFrames"]);
        Assert.InRange(all[1]["totalFrames"], 2 * (_elf.Size / 4096), 2 * ((_elf.Size / 4096) + 1));
    }

    [Fact]
    public void The_table_is_plain_in_a_file_and_check_tells_what_was_compared()
    {
        var output = Small("--check", "--wide", "--mechanisms", "private,text-poke").Succeeded().Output;

        Assert.DoesNotContain('\u001b', output);
        Assert.All(output.Split('\n'), line => Assert.Equal(line.TrimEnd(), line));
        Assert.Contains($"{_elf.Path}, build-id {_elf.BuildId}\n", output, StringComparison.Ordinal);
        Assert.Matches(@"\n\ntext-poke shows other threads .*\ncounted from the sites alone: [\d,]+ patched pages, process by process; [\d,]+ if equal ones are shared by all, ", output);
        Assert.Matches(@"\nprivate +process +([\d,]+) +\1 +[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+ +1 +[\d.]+ +0\.0 +0 +\1 +0\n", output);
        Assert.Matches(@"\ntext-poke +mapping +([\d,]+) +0 +([\d.]+) +\2 +[\d.]+ +[\d.]+ +1 +[\d.]+ +0\.0 +\1 +0 \+\1 +0 \+\1\n", output);
        Assert.DoesNotContain("copied-file", output, StringComparison.Ordinal);
        var bytes = 2 * 3 * Processes * _elf.TextPages * 4096;
        Assert.Contains($"checked: {bytes:n0} bytes with ample memory and {bytes:n0} bytes with a quarter of it, all equal", output, StringComparison.Ordinal);
    }

    /// <summary>Fewer who share, more frames: one a page, a page and user, a page and process.</summary>
    [Fact]
    public void Each_sharing_domain_is_a_row()
    {
        using var json = JsonDocument.Parse(Small("--json", "--check", "--mechanisms", "text-poke", "--domains", "none,machine,user").Output);
        var (rows, pages) = (json.RootElement.GetProperty("mechanisms").EnumerateArray().ToList(), new Figures(json.RootElement)["patchedPages"]);

        Assert.Equal(["text-poke/none", "text-poke", "text-poke/user"], rows.Select(r => r.GetProperty("name").GetString()));
        Assert.Equal(["none", "machine", "user"], rows.Select(r => r.GetProperty("domain").GetString()));
        Assert.Equal([Processes * pages, pages, 2 * pages], rows.Select(r => new Figures(r)["patchedFrames"]));
    }

    [Fact]
    public void Beside_json_the_check_goes_to_standard_error()
    {
        var result = Cli.Run("compare", "--spread", "5", "--processes", "1", "--json", "--check");

        Assert.Equal(0, result.Code);
        using var remark = JsonDocument.Parse(result.Error);
        Assert.StartsWith("checked: ", remark.RootElement.GetProperty("remark").GetString(), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal(1, json.RootElement.GetProperty("users").GetInt32());
    }

    private static CliResult Small(params string[] more) =>
        Cli.Run(["compare", "--spread", "300", "--processes", $"{Processes}", "--users", "2", .. more]);

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(p => p.Name);

    private sealed class Figures(JsonElement element)
    {
        public long this[string name] => element.GetProperty(name).GetInt64();
    }
}
