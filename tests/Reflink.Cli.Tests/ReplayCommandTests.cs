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
}
