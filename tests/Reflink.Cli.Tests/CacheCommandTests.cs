using System.Runtime.CompilerServices;
using System.Text.Json;
using Reflink.Studies.Experiments;

namespace Reflink.Cli.Tests;

/// <summary>'reflink cache': what steps on files of the user's own print.</summary>
public sealed class CacheCommandTests : IDisposable
{
    private static readonly string[] s_clones =
        ["create a 32K", "clone a b", "drop-caches", "read a", "read b", "write b 8K 'hello world'", "punch a 0 4K"];

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("block")]
    [InlineData("inode")]
    [InlineData("block,inode")]
    public Task A_clone_is_read_and_written(string keying) =>
        Verify(Cli.Run(["cache", "--keying", keying, .. s_clones]).Succeeded().Output).UseParameters(keying);

    /// <summary>What watches a study watches steps, too.</summary>
    [Fact]
    public void What_steps_do_is_written_as_events_named_after_tracepoints()
    {
        var lines = Cli.Run("cache", "--events", "-", "create a 16K", "drop-caches", "map a p", "load a p").Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(8, lines.Count(line => line.Contains("mm_filemap_add_to_page_cache", StringComparison.Ordinal)));
        Assert.All(lines, line => Assert.StartsWith("{", line, StringComparison.Ordinal));
        Cli.Run("cache", "--events", "-", "--keying", "block,inode", "create a 16K").Refused(1, "give --keying one kind of cache");
    }

    [Fact]
    public Task Processes_copy_what_they_store_to() => Verify(Cli.Run(
        "cache", "create lib 16K", "map lib one", "map lib two", "load lib one", "load lib two", "store lib one 4096 hello", "fork one three", "load lib three",
        "store lib three 4096 bye", "exit one", "delete lib").Succeeded().Output);

    [Fact]
    public Task Ranges_are_shared_within_and_between_files() => Verify(Cli.Run(
        "cache", "create a 16K", "create b 16K", "create c 16K 2", "dedupe a 0 8K b 0", "dedupe a 0 4K c 0", "clone-range a 12K 4K a 20K",
        "fill c 0x1000 100 7", "truncate b 10000", "collapse c 0 4K", "evict a 4K 4K").Succeeded().Output);

    [Fact]
    public void An_eviction_of_length_0_reaches_to_the_end_of_the_file() =>
        Assert.Matches("(?m)evict a 8192 0.* 3 frames", Cli.Run("cache", "create a 20000", "evict a 8192 0").Succeeded().Output);

    [Fact]
    public Task Little_memory_evicts() => Verify(Cli.Run(
        "cache", "--memory", "64KiB", "--store", _scratch.Path("disk"), "--store-memory", "1M", "create big 96K", "read big 0 1").Succeeded().Output);

    [Fact]
    public void What_was_done_before_a_step_failed_is_printed_for_people_and_not_for_programs()
    {
        string[] steps = ["create a 4K", "read a", "read b", "read a"];
        var failed = Cli.Run(["cache", "--keying", "block,inode", .. steps]);
        Assert.Matches("^step +frames [^\n]*\ncreate a 4K +1 [^\n]*\nread a +1 [^\n]* 4096 bytes\n$", failed.Output);
        Assert.StartsWith("reflink: ENOENT: step 3, 'read b'", failed.Error, StringComparison.Ordinal);
        Assert.Equal(1, failed.Code);

        Cli.Run("cache", "read b").Refused(1, "ENOENT");
        Cli.Run(["cache", "--csv", .. steps]).Refused(1, "ENOENT");
    }

    [Fact]
    public Task Everything_as_JSON() =>
        Verify(Cli.Run("cache", "--keying", "block,inode", "--json", "--snapshot", "create a 8K", "clone a b", "read b").Succeeded().Output, "json");

    [Fact]
    public void The_guide_shows_what_is_printed()
    {
        string[] steps = ["create a 64K", "clone a b", "drop-caches", "read a", "read b", "write b 8K hello"];
        var typed = string.Join(' ', steps.Select(step => step.Contains(' ', StringComparison.Ordinal) ? $"'{step}'" : step));
        var printed = Cli.Run(["cache", "--keying", "block,inode", .. steps]).Succeeded().Output;
        var guide = File.ReadAllText(Path.Combine(Folder(), "..", "..", "src", "Reflink.Cli", "GUIDE.md"));

        Assert.Contains($"```\n$ reflink cache --keying block,inode {typed}\n{printed}```\n", guide, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_is_the_whole_machines()
    {
        var output = Cli.Run("cache", "create a 8K", "clone a b", "--snapshot").Succeeded().Output;

        Assert.Contains("\nkeyed by block: the whole machine\n\nmemory\n", output, StringComparison.Ordinal);
        Assert.Contains("\n  0-1    s1-s2       2       0  dirty  inode 2, page 0\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_real_file_comes_out_as_it_went_in()
    {
        var host = typeof(ByteSize).Assembly.Location;
        var length = new FileInfo(host).Length;
        using var json = JsonDocument.Parse(Cli.Run(
            "cache", "--json", $"import '{host}' a", "clone a b", "drop-caches", "write b 3 XYZ", $"export a {_scratch.Path("a")}", $"export b {_scratch.Path("b")}").Succeeded().Output);
        var bytes = File.ReadAllBytes(host);

        Assert.Equal(bytes, File.ReadAllBytes(_scratch.Path("a")));
        "XYZ"u8.CopyTo(bytes.AsSpan(3));
        Assert.Equal(bytes, File.ReadAllBytes(_scratch.Path("b")));
        var (block, pages) = (json.RootElement.GetProperty("block"), (length + 4095) / 4096);
        Assert.Equal([pages + 1, 2 * pages, (pages - 1) * 4096], new[] { "framesInUse", "cachedPages", "sharedBytes" }.Select(name => block.GetProperty(name).GetInt64()));
        Assert.Equal($"{length} bytes", block.GetProperty("steps")[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public void Steps_come_from_a_file_or_from_standard_input_too()
    {
        const string Script = "# a comment\ncreate a 8K\n\n  clone a 'b c'   # another\n";
        var typed = Cli.Run("cache", "create a 8K", "clone a 'b c'").Succeeded();
        using var piped = Cli.Start(redirectInput: true, "cache", "--file", "-");
        piped.StandardInput.Write(Script);
        piped.StandardInput.Close();

        Assert.Equal(typed, Cli.Run("cache", "--file", _scratch.Write("steps", Script)));
        Assert.Equal(typed, piped.Finish());
    }

    [Theory]
    [InlineData(2, "there are no steps; give some, such as 'create a 64K'")]
    [InlineData(2, "step 2: 'q a b' begins with no step; there are import, create, ", "create a 1", "q a b")]
    [InlineData(2, "step 1: 'clone a' has 1 word behind its name; write it 'clone NAME NEW'", "clone a")]
    [InlineData(2, "step 1: 'read a 5' has 2 words behind its name; write it 'read NAME [OFFSET LENGTH]'", "read a 5")]
    [InlineData(2, "step 1: 'create a 4Q' has '4Q' for SIZE, which takes bytes, such as ", "create a 4Q")]
    [InlineData(2, "step 1: 'create a 999999999T' has '999999999T' for SIZE", "create a 999999999T")]
    [InlineData(2, "step 1: 'create /a 4' has '/a' for NAME; files of the volume are named by one word without '/'", "create /a 4")]
    [InlineData(2, "step 1: 'create 'a 4' has a quote that is not closed", "create 'a 4")]
    [InlineData(2, "--memory takes bytes, such as 4096", "--memory", "much", "create a 1")]
    [InlineData(2, "--policy takes one of fifo", "--policy", "best", "create a 1")]
    [InlineData(2, "--keying takes some of block,inode,content, not 'both'", "--keying", "both", "create a 1")]
    [InlineData(2, "--store-memory is for --store", "--store-memory", "1M", "create a 1")]
    [InlineData(2, "steps are given and --file too", "--file", "x", "create a 1")]
    [InlineData(1, "ENOENT: '/no/steps' cannot be read; name a file of steps", "--file", "/no/steps")]
    [InlineData(1, "ENOENT: step 2, 'import /no/such a': the host has no '/no/such'", "create b 1", "import /no/such a")]
    [InlineData(1, "does not fit the volume, which has 2 pages free", "--volume", "8K", "create a 64K")]
    [InlineData(1, "EINVAL: Memory is 1024 bytes; a machine has 16 pages", "--memory", "1K", "create a 1")]
    [InlineData(1, "EEXIST: step 2, 'create a 1': '/a' exists", "create a 1", "create a 1")]
    [InlineData(1, "EINVAL: step 2, 'map a p': 'a' is empty", "create a 0", "map a p")]
    [InlineData(1, "EEXIST: step 3, 'map a p': process 'p' maps 'a' already", "create a 1", "map a p", "map a p")]
    [InlineData(1, "EFAULT: step 2, 'load a p': process 'p' does not map 'a'; put 'map a p' before", "create a 1", "load a p")]
    [InlineData(1, "ESRCH: step 1, 'exit p': there is no process 'p'; 'map NAME p' starts one", "exit p")]
    public void What_is_wrong_is_said_in_a_sentence(int code, string message, params string[] arguments) =>
        Cli.Run(["cache", "--csv", .. arguments]).Refused(code, message);

    [Fact]
    public void Memory_that_runs_out_is_said_with_the_line()
    {
        var stores = string.Concat(Enumerable.Range(0, 17).Select(i => $"store a p {i * 4}K x\n"));
        var file = _scratch.Write("steps", $"create a 80K\nmap a p\n{stores}");
        Cli.Run("cache", "--csv", "--memory", "64K", "--file", file)
            .Refused(1, $"ENOMEM: {file}:", "'store a p ", "no frame of 16 can be reclaimed", "give the machine more memory");
    }

    [Fact]
    public void A_wrong_line_of_a_file_is_named()
    {
        var file = _scratch.Write("steps", "create a 1\n\nclone a\n");
        Cli.Run("cache", "--file", file).Refused(1, $"EINVAL: {file}:3: 'clone a' has 1 word");
        Cli.Run("cache", "--csv", "--file", _scratch.Write("late", "create a 1\nread b\n")).Refused(1, $"ENOENT: {_scratch.Path("late")}:2, 'read b': ");
        Cli.Run("cache", "--file", _scratch.Write("empty", "# nothing\n")).Refused(1, "has no steps; write one a line");
        Cli.Run("cache", "--file", typeof(ByteSize).Assembly.Location).Refused(1, "is no text, so it holds no list of steps");
    }

    [Fact]
    public void An_interrupt_ends_a_long_step_and_leaves_no_pages_on_the_disk()
    {
        using var running = Cli.Start("cache", "--store", _scratch.Path("disk"), "--store-memory", "1M", "--memory", "1M", "create a 1T");
        running.WaitUntil(() => File.Exists(_scratch.Path("disk/pages.0")));
        running.Signal(RunningCli.Interrupt);
        running.Finish().Refused(130, "interrupted");
        Assert.Equal(["reflink-store"], Directory.GetFiles(_scratch.Path("disk")).Select(Path.GetFileName));
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [Fact]
    public void Swappiness_without_a_policy_that_knows_it_or_without_swap_is_refused()
    {
        Cli.Run("cache", "--swappiness", "10", "create a 4K").Refused(2, "--swappiness is for --policy linux or mglru with --swap");
        Cli.Run("cache", "--policy", "linux", "--swappiness", "10", "create a 4K").Refused(2, "--swappiness is for --policy linux or mglru with --swap");
        Cli.Run("cache", "--swap", "1", "create a 4K").Refused(2, "--swap takes", "4KiB at the least");
        Cli.Run("cache", "--policy", "linux", "--swap", "1MiB", "--swappiness", "10", "create a 4K").Succeeded();
        Cli.Run("cache", "--policy", "mglru", "--swap", "1MiB", "--swappiness", "10", "create a 4K").Succeeded();
    }

    [Fact]
    public void Reclaim_disks_and_dirty_limits_are_chosen_by_options_and_what_makes_no_sense_is_refused()
    {
        var steps = new[] { "create a 8M", "drop-caches", "read a", "control /proc/vmstat" };
        var alone = Cli.Run(["cache", "--memory", "4M", .. steps]).Succeeded().Output;
        Assert.Contains("pageoutrun 0", alone, StringComparison.Ordinal);
        Assert.DoesNotContain("nr_dirty_threshold", alone, StringComparison.Ordinal);

        var pressed = Cli.Run(["cache", "--wide", "--memory", "4M", "--min-free", "256K", "--device", "100us,500MiB", "--dirty", "10,20", .. steps]).Succeeded().Output;
        Assert.DoesNotContain("pageoutrun 0", pressed, StringComparison.Ordinal);
        Assert.Contains("nr_dirty_threshold 185", pressed, StringComparison.Ordinal);

        Cli.Run("cache", "--min-free", "1G", "create a 4K").Refused(1, "free; it may be half of them at the most");
        foreach (var device in (string[])["999999999999999s,1", "61s,500MiB", "100us,4095"])
        {
            Cli.Run("cache", "--device", device, "create a 4K").Refused(2, $"not '{device}'");
        }

        Assert.Contains("ms of simulated time", pressed, StringComparison.Ordinal);
        var waited = Cli.Run("cache", "--dirty", "kernel", "create a 16K", "wait 29000", "wait 10000").Succeeded().Output;
        Assert.Matches(@"wait 29000 +4 +4 +0 +0", waited);
        Assert.Matches(@"wait 10000 +4 +0 +0 +4", waited);
        Cli.Run("cache", "--device", "fast", "create a 4K").Refused(2, "--device takes instant, measured, turning, or a latency", "not 'fast'");
        Cli.Run("cache", "--device", "10us,0", "create a 4K").Refused(2, "not '10us,0'");
        Cli.Run("cache", "--dirty", "110,20", "create a 4K").Refused(2, "--dirty takes off", "not '110,20'");
        Cli.Run("cache", "--device", "instant", "--dirty", "off", "create a 4K").Succeeded();
    }
}
