using Reflink.Studies.Replaying;
using Reflink.Studies.Traces;
using Reflink.Studies.Traces.Formats;

namespace Reflink.Tests.Studies;

/// <summary>Traces that are replayed on machines, beside those that are replayed by a policy alone.</summary>
public sealed class MachineReplayTests : IDisposable
{
    // So few that a machine reclaims one frame at a time, as a simulation does.
    private const int Frames = 64;

    private readonly ScratchFolder _folder = new("traces");

    public void Dispose() => _folder.Dispose();

    // Not linux and mglru: a simulation of them is of a group with a limit, which takes the group's own pages and the nodes of its page trees out of memory, and a machine's
    // policy has all frames.
    [Theory]
    [InlineData("fifo")]
    [InlineData("lru")]
    [InlineData("clock")]
    [InlineData("sieve")]
    [InlineData("arc")]
    public void Reads_miss_on_a_machine_as_in_a_simulation(string policy)
    {
        var options = Options(policy);
        Assert.Equal(TraceReplay.Run(options).Rows[0].Counts.Misses, Run(options, new MachineOptions { Readahead = 0 }).Misses);
    }

    [Theory]
    [InlineData("linux", TraceDoor.Calls)]
    [InlineData("linux", TraceDoor.Mapped)]
    [InlineData("mglru", TraceDoor.Calls)]
    [InlineData("mglru", TraceDoor.Mapped)]
    public void Memory_is_cold_when_the_replay_begins(string policy, TraceDoor door)
    {
        var path = Path.Combine(_folder.Path, "once.lirs");
        File.WriteAllLines(path, Enumerable.Range(0, 1000).Select(page => $"{page}"));
        var options = new ReplayOptions(path) { Pages = [256], Policies = [policy], ReadaheadPages = 0, Trace = new TraceOptions { Format = "lirs" } };
        var row = Run(options, new MachineOptions { Readahead = 0 }, door);
        Assert.Equal((1000, 1000, 0L, 0L), (row.Misses, row.StoreReads, row.FileRefaults, row.StoreWrites));
    }

    [Theory]
    [InlineData("lru")]
    [InlineData("linux")]
    public void Loads_of_which_a_policy_is_told_each_miss_as_reads_do(string policy)
    {
        var (options, machine) = (Options(policy), new MachineOptions { Readahead = 0, References = ReferenceTracking.Exact });
        var (read, loaded) = (Run(options, machine), Run(options, machine, TraceDoor.Mapped));
        Assert.Equal((read.Misses, read.StoreReads, loaded.Misses), (loaded.Misses, loaded.StoreReads, loaded.MajorFaults));
        Assert.Equal(0, read.MajorFaults + read.MinorFaults);
    }

    [Fact]
    public void Reflinks_share_frames_where_pages_are_found_by_block_and_not_where_they_are_found_by_inode()
    {
        var options = Options("lru");
        var one = Run(options, new MachineOptions { Readahead = 0 });
        Assert.Equal(one with { Nanoseconds = 0 }, Run(options, new MachineOptions { Readahead = 0 }, copies: 4) with { Nanoseconds = 0 });
        var byInode = Run(options, new MachineOptions { Readahead = 0, Keying = CacheKeying.Inode }, copies: 4);
        Assert.InRange(byInode.Misses, one.Misses * 1.2, options.Pages[0] * 1e9);
    }

    [Theory]
    [InlineData(TraceDoor.Calls)]
    [InlineData(TraceDoor.Mapped)]
    public void Reflinks_share_frames_where_files_of_equal_content_do_until_one_of_them_is_written(TraceDoor door)
    {
        var (options, machine) = (Options("lru"), new MachineOptions { Readahead = 0, References = ReferenceTracking.Exact });
        var one = Run(options, machine, door).Misses;
        foreach (var copies in (int[])[1, 2, 3])
        {
            Assert.Equal(one, Run(options, machine with { Keying = CacheKeying.Content }, door, copies).Misses);
            var byInode = Run(options, machine with { Keying = CacheKeying.Inode }, door, copies).Misses;
            Assert.True(copies == 1 ? byInode == one : byInode > one * 1.1);
        }
    }

    [Fact]
    public void Pages_of_copies_that_were_stored_to_are_merged_where_that_is_asked_for()
    {
        var path = Path.Combine(_folder.Path, "writes.csv");
        File.WriteAllLines(path, Enumerable.Range(0, 4000).Select(n => $"{n},{n / 2 % 40 * 4096},4096,{(n < 80 ? 'w' : 'r')}"));
        var options = new ReplayOptions(path) { Pages = [Frames], Policies = ["lru"], Trace = new TraceOptions { Csv = CsvLayout.Parse("offset=2,length=3,op=4") } };
        var machines = new MachineReplayOptions(new MachineOptions { Readahead = 0 }) { Door = TraceDoor.Mapped, Copies = 2, Merging = new ReplayMerging(1000, 1) };
        var row = Assert.Single(MachineReplay.Run(options, machines).Rows);
        Assert.True(row.MergeNanoseconds > 0);
        Assert.InRange(row.PagesSharing!.Value, 1, 40);
        Assert.Equal(row.PagesShared, row.PagesSharing);
        Assert.Null(Run(options, machines.Machine, TraceDoor.Mapped, 2).PagesShared);
        Assert.Contains("writes nothing", Assert.Throws<ReflinkException>(() => MachineReplay.Run(Options("lru"), machines)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_warm_up_is_played_and_not_counted()
    {
        var whole = Run(Options("lru"), new MachineOptions { Readahead = 0 });
        var rest = Run(Options("lru") with { WarmUp = 1000 }, new MachineOptions { Readahead = 0 });
        var first = TraceReplay.Run(Options("lru", 1000)).Rows[0].Counts.Misses;
        Assert.Equal((whole.Accesses - 1000, whole.Misses - first), (rest.Accesses, rest.Misses));
    }

    private ReplayOptions Options(string policy, int accesses = 5000)
    {
        var random = new Random(7);
        var path = Path.Combine(_folder.Path, $"{policy}{accesses}.lirs");
        File.WriteAllLines(path, Enumerable.Range(0, accesses).Select(_ => $"{(int)(300 * Math.Pow(random.NextDouble(), 2))}"));
        return new ReplayOptions(path) { Pages = [Frames], Policies = [policy], ReadaheadPages = 0, Trace = new TraceOptions { Format = "lirs" } };
    }

    private static MachineReplayRow Run(ReplayOptions options, MachineOptions machine, TraceDoor door = TraceDoor.Calls, int copies = 1) =>
        Assert.Single(MachineReplay.Run(options, new MachineReplayOptions(machine) { Door = door, Copies = copies }).Rows);
}
