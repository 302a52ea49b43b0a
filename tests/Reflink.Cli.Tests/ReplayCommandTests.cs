namespace Reflink.Cli.Tests;

/// <summary>What 'replay' and 'trace' print and refuse.</summary>
public sealed class ReplayCommandTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_picture_without_a_folder_is_refused_before_the_trace_is_read()
    {
        var trace = _scratch.Write("bad.lirs", "no number\n");
        Cli.Run("replay", trace, "--plot", _scratch.Path("none/curve.svg")).Refused(1, "ENOENT", "there is no folder", "none");
        Directory.CreateDirectory(_scratch.Path("dir.svg"));
        Cli.Run("replay", trace, "--plot", _scratch.Path("dir.svg")).Refused(1, "EISDIR");
    }

    [Fact]
    public void A_picture_in_another_format_is_refused_with_those_that_there_are() =>
        Cli.Run("replay", "absent.lirs", "--plot", "curve.png").Refused(2, "--plot takes the name of a file that ends in .svg, not 'curve.png'");

    [Fact]
    public void Columns_of_curves_say_what_they_hold()
    {
        var output = Cli.Run("replay", _scratch.Write("a.lirs", "1\n2\n1\n"), "--memory", "4KiB,8KiB", "--curve", "2", "--policy", "lru,fifo", "--plot", _scratch.Path("c.svg")).Succeeded().Output;
        Assert.Contains("memory  pages  miss_ratio_lru  miss_ratio_fifo\n", output, StringComparison.Ordinal);
        Assert.StartsWith("lirs: 3 requests, 3 accesses to pages\n3 reads, 0 writes; 2 pages", output, StringComparison.Ordinal);
        Assert.Contains("svg", File.ReadAllText(_scratch.Path("c.svg")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_of_memory_that_is_given_twice_is_replayed_once()
    {
        var trace = _scratch.Write("a.lirs", "1\n2\n1\n");
        Assert.Equal(
            Cli.Run("replay", trace, "--memory", "4KiB,8KiB", "--csv").Succeeded().Output, Cli.Run("replay", trace, "--memory", "4KiB,8K,4096", "--csv").Succeeded().Output);
    }

    [Fact]
    public void A_sampled_table_says_what_its_counts_are()
    {
        var trace = _scratch.Write("a.lirs", string.Concat(Enumerable.Range(0, 3000).Select(n => $"{n % 1000}\n")));
        Assert.Contains("all counts are those of the sample itself", Cli.Run("replay", trace, "--memory", "2MiB", "--sample", "50", "--wide").Succeeded().Output, StringComparison.Ordinal);
        Assert.DoesNotContain("sample", Cli.Run("replay", trace, "--memory", "2MiB", "--sample", "100").Succeeded().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/stdin")]
    [InlineData("-")]
    public void A_trace_comes_through_a_pipe(string name)
    {
        using var running = Cli.Start(redirectInput: true, "replay", name, "--format", "lirs", "--memory", "12KiB", "--policy", "belady", "--csv");
        running.StandardInput.Write("1\n2\n3\n4\n1\n2\n5\n1\n2\n3\n4\n5\n");
        running.StandardInput.Close();
        Assert.Contains("\nbelady,3,0.583333,12,5,7,", running.Finish().Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_linux_alone_has_is_refused_elsewhere()
    {
        var trace = _scratch.Write("a.lirs", "1\n");
        Cli.Run("replay", trace, "--memory", "4MiB", "--readahead", "0").Refused(2, "--readahead is for --policy linux");
        Cli.Run("replay", trace, "--memory", "4MiB", "--policy", "lru,arc", "--flush", "1").Refused(2, "--flush is for --policy linux");
        Cli.Run("replay", trace, "--memory", "40KiB", "--policy", "linux").Refused(1, "EINVAL", "11 pages (44 KiB) at the least");
        Cli.Run("replay", trace, "--memory", "44KiB", "--policy", "linux", "--flush", "1", "--readahead", "64").Succeeded();
    }

    [Fact]
    public void A_machine_tells_of_faults_pages_and_time_and_what_it_was_like()
    {
        var trace = _scratch.Write("a.lirs", string.Concat(Enumerable.Range(0, 300).Select(n => $"{n % 100}\n")));
        var output = Cli.Run("replay", trace, "--memory", "256KiB", "--policy", "lru,linux", "--machine", "--mapped", "--copies", "2", "--readahead", "0", "--wide").Succeeded().Output;
        Assert.Contains("on a machine keyed by block: each file and 1 reflink of it in turn, by loads and stores, of which the policy sees accessed bits; a fault maps 64 KiB", output, StringComparison.Ordinal);
        Assert.Contains("major_faults", output, StringComparison.Ordinal);
        Assert.Contains("stolen", output, StringComparison.Ordinal);
        var rows = Cli.Run("replay", trace, "--memory", "1MiB", "--machine", "--readahead", "0", "--csv").Succeeded().Output.Split('\n');
        Assert.StartsWith("policy,pages,accesses,misses,minor_faults,major_faults,", rows[0], StringComparison.Ordinal);
        Assert.StartsWith("lru,256,300,100,0,0,100,0,0,", rows[1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_read_around_a_page_that_is_missing_is_an_option_of_its_own()
    {
        var trace = _scratch.Write("a.lirs", string.Concat(Enumerable.Range(0, 64).Select(n => $"{n}\n")));
        string[] replay = ["replay", trace, "--memory", "1MiB", "--policy", "sieve", "--machine", "--mapped", "--fault-around", "4KiB", "--readahead", "0"];
        Assert.Contains("sieve,256,64,64,0,64,64,", Cli.Run([.. replay, "--csv"]).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("16 KiB are read around", Cli.Run([.. replay, "--read-around", "16KiB", "--wide"]).Succeeded().Output, StringComparison.Ordinal);
        Assert.DoesNotContain("sieve,256,64,64,", Cli.Run([.. replay, "--read-around", "16KiB", "--csv"]).Succeeded().Output, StringComparison.Ordinal);
        Cli.Run("replay", trace, "--memory", "1MiB", "--machine", "--read-around", "16KiB").Refused(2, "--read-around is for --mapped");
    }

    [Fact]
    public void What_merging_saves_and_takes_is_told_and_refused_where_nothing_can_be_merged()
    {
        var trace = _scratch.Write("w.csv", string.Concat(Enumerable.Range(0, 64).Select(n => $"{n},{n / 2 % 16 * 4096},4096,w\n")));
        string[] replay = ["replay", trace, "--columns", "offset=2,length=3,op=4", "--memory", "1MiB", "--machine", "--copies", "2", "--merge"];
        var output = Cli.Run([.. replay, "--mapped", "--sleep", "1", "--wide"]).Succeeded().Output;
        Assert.Contains("ksmd looks at 100 pages every 1 ms", output, StringComparison.Ordinal);
        Assert.Contains("pages_sharing", output, StringComparison.Ordinal);
        Cli.Run(replay).Refused(2, "--merge is for --mapped");
        Cli.Run("replay", _scratch.Write("r.lirs", "1\n"), "--memory", "1MiB", "--machine", "--mapped", "--merge").Refused(1, "EINVAL", "the trace writes nothing");
    }

    [Fact]
    public void Files_for_whose_mappings_there_is_no_room_are_named_with_what_to_do()
    {
        var trace = _scratch.Write("far.csv", "0,281474976710656,4096,w\n");
        Cli.Run("replay", trace, "--columns", "offset=2,length=3,op=4", "--memory", "64KiB", "--machine", "--mapped", "--copies", "2")
            .Refused(1, "ENOMEM", "file 0 of the trace reaches to byte 281474976714752", "without --mapped");
    }

    [Fact]
    public void What_belongs_to_a_machine_is_refused_without_one_and_the_other_way_round()
    {
        var trace = _scratch.Write("a.lirs", "1\n");
        Cli.Run("replay", trace, "--memory", "1MiB", "--mapped").Refused(2, "--mapped is for --machine");
        Cli.Run("replay", trace, "--memory", "1MiB", "--machine", "--references", "exact").Refused(2, "--references is for --mapped");
        Cli.Run("replay", trace, "--memory", "1MiB", "--machine", "--policy", "lru,belady").Refused(2, "a machine cannot run 'belady'");
        Cli.Run("replay", trace, "--memory", "1MiB", "--machine", "--copies", "0").Refused(2, "--copies takes");
        Cli.Run("replay", trace, "--memory", "1MiB", "--machine", "--flush", "4").Refused(2, "--flush is for");
        Cli.Run("replay", trace, "--memory", "1MiB", "--machine", "--policy", "lru,lru").Refused(2, "--policy takes each name once");
        Cli.Run("replay", trace, "--memory", "8KiB", "--machine").Refused(1, "EINVAL", "64 KiB");
    }
}
