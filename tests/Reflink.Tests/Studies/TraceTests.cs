using Reflink.Cache.Simulation;
using Reflink.Studies.Replaying;
using Reflink.Studies.Traces;

namespace Reflink.Tests.Studies;

public sealed class TraceTests : IDisposable
{
    private readonly ScratchFolder _folder = new("traces");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("msr", "128166385295514663,hm,0,Write,8191,2,2833\n128166385295514664,hm,1,Read,0,4096,1", "w0:1 w0:2 r1:0")]
    [InlineData("alibaba", "419,W,8192,4096,1\n419,R,0,1,2", "w0:2 r0:0")]
    [InlineData("tencent", "1538323200,8,16,0,1283\n1538323200,0,1,1,1284", "r0:1 r0:2 w1:0")]
    [InlineData("cloudphysics", "version,time,op,size,lbn\n1,2,2a,4096,8\n1,2,28,512,0", "w0:1 r0:0")]
    [InlineData("lirs", "7\n9\n*\n7", "r0:7 r0:9 r0:7")]
    [InlineData("fio", "fio version 2 iolog\n/a add\n/a open\n/a read 0 8192\n/b write 4096 1\n/a sync 0 0\n/a close", "r0:0 r0:1 w1:1")]
    [InlineData("fio", "fio version 3 iolog\n1343 ff add\n1344 ff write 0 4096", "w0:0")]
    [InlineData("strace", "7 openat(AT_FDCWD, \"a\", O_RDONLY) = 3</a>\n7 read(3</a>, \"\"..., 4096) = 4096\n7 read(3</a>, \"\", 4096) = 0\n7 read(3</a>, ) = 1, \", 10) = 5\n7 +++ exited with 0 +++", "r0:0 r0:1")]
    [InlineData("strace", "[pid 7] 17.5 pread64(3</a>,  <unfinished ...>\n[pid 8] 17.6 pwrite64(4</b>, \"x\", 1, 4096) = 1 <0.1>\n[pid 7] 17.7 <... pread64 resumed>\"\"..., 10, 8190) = 10 <0.2>\n[pid 7] 18.0 read(5<pipe:[3]>, \"\", 9) = 9", "w0:1 r1:1 r1:2")]
    public void Requests_become_pages(string format, string text, string pages) => Assert.Equal(pages, TracePages.Of(Write(text), format));

    [Fact]
    public void A_cut_record_is_refused()
    {
        var path = _folder.Of("x.u32");
        File.WriteAllBytes(path, new byte[10]);
        Assert.Contains("record 3, 2 of 4 bytes", Assert.Throws<ReflinkException>(() => TracePages.Of(path, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Malformed_lines_are_told_and_limited()
    {
        var path = Write("1\nx\n2\ny\n3\n");
        Assert.Contains("line 2: 'x' is no page number", Assert.Throws<ReflinkException>(() => TracePages.Of(path, "lirs")).Message, StringComparison.Ordinal);
        var facts = TraceReplay.Describe(new ReplayOptions(path) { Trace = new TraceOptions { Format = "lirs", MalformedLimit = 2 } });
        Assert.Equal(3, facts.Accesses);
        Assert.Contains("this is not the whole trace, passed over: 2 malformed lines", Assert.Single(facts.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Stack_distances_are_the_misses_of_LRU_at_every_size()
    {
        var trace = Enumerable.Range(0, 200_000).Select(n => new PageAccess(new PageKey((ulong)(n * 7919L % 3001 % (1 + (n % 97)))))).ToArray();
        var stack = new StackDistances();
        stack.Take(trace);
        foreach (var pages in (int[])[1, 2, 7, 30, 60, 96, 200])
        {
            var simulation = ReplacementPolicies.Simulate("lru", pages);
            simulation.Run(trace);
            Assert.Equal(simulation.Counts.Misses, stack.Misses(pages));
        }
    }

    [Fact]
    public void The_optimum_looks_ahead_where_the_trace_does_not_say()
    {
        var path = Write(string.Join('\n', (int[])[1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5]));
        var row = Assert.Single(TraceReplay.Run(new ReplayOptions(path) { Trace = new TraceOptions { Format = "lirs" }, Pages = [3], Policies = ["belady"] }).Rows);

        // Belady's own reference string, with three frames.
        Assert.Equal(7, row.Counts.Misses);
    }

    private string Write(string text)
    {
        var path = _folder.Of("trace");
        File.WriteAllText(path, text);
        return path;
    }
}
