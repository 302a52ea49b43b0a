using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Scenarios.Measures;

namespace Reflink.Cli.Tests;

/// <summary>Steps as a library: their grammar, and that who owns which frame is counted right.</summary>
public sealed class CacheExperimentTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("4096", 4096)]
    [InlineData("0x1F", 31)]
    [InlineData("4k", 4096)]
    [InlineData("64KiB", 65536)]
    [InlineData("3MiB", 3 << 20)]
    [InlineData("2G", 1L << 31)]
    [InlineData("8388607T", long.MaxValue - (1L << 40) + 1)]
    public void Sizes_are_read_and_written(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var read));
        Assert.Equal(bytes, read);
        Assert.True(ByteSize.TryParse(new ByteSize(bytes).ToString(), out var again));
        Assert.Equal(bytes, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("K")]
    [InlineData("iB")]
    [InlineData("5iB")]
    [InlineData("-1")]
    [InlineData("1.5K")]
    [InlineData("0x")]
    [InlineData("0xFFFFFFFFFFFFFFFF")]
    [InlineData("8388608T")]
    [InlineData("4 K")]
    public void Other_words_are_no_sizes(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Fact]
    public void Words_are_quoted_where_they_must_be() => Assert.Equal(
        ["write a 0 'x y'", "write a 0 \"it's\"", "write 'a#b' 0 c#d", "write a 0 'x\"y'"],
        ExperimentStep.Parse(["write  a\t0 \"x y\" # no", "#", "write a 0 \"it's\"", "write 'a#b' 0 c\"#\"d", "write a 0 x'\"'y"]).Select(s => s.Text.Replace("'c#d'", "c#d", StringComparison.Ordinal)));

    [Theory]
    [InlineData(CacheKeying.Block, "clone a b")]
    [InlineData(CacheKeying.Inode, "clone a b", "read b")]
    [InlineData(CacheKeying.Block, "clone-range a 0 8K a 16K", "dedupe a 0 4K a 8K")]
    [InlineData(CacheKeying.Inode, "clone-range a 0 8K a 16K", "read a")]
    [InlineData(CacheKeying.Inode, "map a p", "store a p 0 x", "fork p q", "store a q 0 y", "delete a")]
    public void Every_frame_has_owners_and_no_page_is_counted_twice(CacheKeying keying, params string[] more)
    {
        var result = CacheExperiment.Run(new MachineOptions { Keying = keying }, ExperimentStep.Parse(["create a 16K", .. more]));
        var pages = result.Frames.SelectMany(f => f.Owners.SelectMany(o => Enumerable.Range(0, f.Count).Select(i => (o.Name, o.Page + i)))).ToList();

        Assert.Equal(result.Steps[^1].Frames, result.FramesInUse);
        Assert.All(result.Frames, frame => Assert.NotEmpty(frame.Owners));
        Assert.Equal(pages.Count, pages.Distinct().Count());
        Assert.Equal(pages.CountBy(p => p.Name).OrderBy(p => p.Key), result.Files.Where(f => f.Cached > 0).Select(f => KeyValuePair.Create(f.Name, (int)f.Cached)).OrderBy(p => p.Key));
        Assert.Equal((pages.Count - result.FramesInUse) * Page.Size, result.SharedBytes);
    }

    /// <summary>What a range is filled with depends on the seed and the place alone.</summary>
    [Fact]
    public void Seeds_say_what_the_bytes_are()
    {
        string[] steps = ["create a 20000", "create b 0", "fill b 8191 11809", "fill b 0 8191", "create c 20000 2", "dedupe a 0 16K b 0", "dedupe a 0 16K c 0"];
        var result = CacheExperiment.Run(new MachineOptions(), ExperimentStep.Parse(steps));

        Assert.Equal(["20000 bytes", "0 bytes", "11809 bytes", "8191 bytes", "20000 bytes", "equal", "different"], result.Steps.Select(s => s.Outcome));
    }

    [Fact]
    public void Control_files_are_read_and_written_by_steps()
    {
        string[] steps = ["create a 20000", "drop-caches", "control /proc/vmstat", "read a", "control /proc/sys/vm/drop_caches 1", "control /proc/meminfo", "control run"];
        var outcomes = CacheExperiment.Run(new MachineOptions { Memory = 1 << 20 }, ExperimentStep.Parse(steps)).Steps.Select(s => s.Outcome).ToList();

        Assert.Contains("nr_free_pages 256, ", outcomes[2], StringComparison.Ordinal);
        Assert.Contains(" nr_written 5, nr_swapcached 0, pgpgin 0, pgpgout 20, ", outcomes[2], StringComparison.Ordinal);
        Assert.Null(outcomes[4]);
        Assert.StartsWith("MemTotal: 1024 kB, MemFree: 1024 kB, Cached: 0 kB, ", outcomes[5], StringComparison.Ordinal);
        Assert.Equal("0", outcomes[6]);
    }

    [Fact]
    public void Pages_are_locked_advised_upon_and_unlocked_by_steps()
    {
        string[] steps =
        [
            "create a 16K", "map a one", "lock a one 0 8K", "drop-caches", "madvise a one willneed", "unlock a one", "madvise a one pageout", "control /proc/vmstat",
        ];
        var result = CacheExperiment.Run(new MachineOptions { Memory = 1 << 20 }, ExperimentStep.Parse(steps)).Steps;

        Assert.Equal("8 KiB locked", result[2].Outcome);
        Assert.Equal([6, 2, 6], result.Skip(2).Take(3).Select(s => s.Frames));
        Assert.Equal("0 KiB locked", result[5].Outcome);
        var wrong = Assert.Throws<ReflinkException>(() => CacheExperiment.Run(new MachineOptions(), ExperimentStep.Parse(["create a 4K", "map a one", "madvise a one hot"])));
        Assert.Contains("there is no advice 'hot'; there are cold, dontneed, free, ", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_of_a_process_is_given_up_by_a_step_and_leaves_when_memory_is_short()
    {
        string[] steps = ["heap h one 16K", "store h one 0 hello", "madvise h one free", "create a 256K", "read a", "control /proc/vmstat"];
        var options = new MachineOptions { Memory = 32 * Page.Size };
        var counters = CacheExperiment.Run(options, ExperimentStep.Parse(steps)).Steps[^1].Outcome!;
        Assert.Contains("pglazyfree 1", counters, StringComparison.Ordinal);
        Assert.Contains("pglazyfreed 1", counters, StringComparison.Ordinal);
        var twice = Assert.Throws<ReflinkException>(() => CacheExperiment.Run(options, ExperimentStep.Parse([steps[0], "heap h one 4K"])));
        Assert.Equal(Reflink.Units.Errno.EEXIST, twice.Error);
    }

    [Fact]
    public void Steps_go_on_when_a_process_is_killed_for_want_of_memory_and_the_report_leaves_it_out()
    {
        string[] steps =
        [
            "heap h one 64K", "heap h two 64K",
            .. Enumerable.Range(0, 10).Select(page => $"store h one {page * Page.Size} x"), .. Enumerable.Range(0, 9).Select(page => $"store h two {page * Page.Size} x"),
            "control /proc/vmstat", "store h two 0 y",
        ];
        var options = new MachineOptions { Memory = 16 * Page.Size, OutOfMemory = OutOfMemory.Kill };
        var result = CacheExperiment.Run(options, ExperimentStep.Parse(steps));
        Assert.Contains("oom_kill 1", result.Steps[^2].Outcome!, StringComparison.Ordinal);
        Assert.Equal(9, result.Steps[^1].Frames);
        Assert.Contains("one) was killed because memory ran out", Assert.Throws<ReflinkException>(() => CacheExperiment.Run(options, ExperimentStep.Parse([.. steps, "store h one 0 y"]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_process_maps_is_read_by_a_step()
    {
        var result = CacheExperiment.Run(new MachineOptions(), ExperimentStep.Parse(["create a 16K", "map a one", "load a one 0 4K", "control /proc/1/smaps"])).Steps;
        Assert.Contains("Referenced: 4 kB", result[^1].Outcome!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_whose_own_process_is_killed_says_so_and_later_steps_go_on()
    {
        string[] steps = ["heap h one 128K", "contents h one 1", "control /proc/vmstat", "heap h two 4K", "store h two 0 x"];
        var result = CacheExperiment.Run(new MachineOptions { Memory = 16 * Page.Size, OutOfMemory = OutOfMemory.Kill }, ExperimentStep.Parse(steps)).Steps;
        Assert.Equal("process 'one' was killed because memory ran out", result[1].Outcome);
        Assert.Contains("oom_kill 1", result[2].Outcome!, StringComparison.Ordinal);
        Assert.Equal(1, result[4].Frames);
    }

    [Fact]
    public void Pages_are_locked_as_they_come_in_by_a_step()
    {
        var result = CacheExperiment.Run(new MachineOptions { Memory = 1 << 20 }, ExperimentStep.Parse(["heap h one 16K", "store h one 0 x", "lock-on-fault h one", "store h one 4K x", "lock-on-fault h one"])).Steps;
        Assert.Equal(("4 KiB locked", "8 KiB locked"), (result[2].Outcome, result[4].Outcome));
    }

    [Fact]
    public void Progress_is_told_part_by_part_and_cancelling_ends_a_step()
    {
        var told = new List<ExperimentProgress>();
        using var cancel = new CancellationTokenSource();
        var steps = ExperimentStep.Parse(["create a 3M", "read a", "create b 3M"]);
        Assert.Throws<OperationCanceledException>(() => CacheExperiment.Run(new MachineOptions(), steps, cancel.Token, new Told(told, cancel, 5)));

        Assert.Equal(["fill a", "fill a", "fill a", "read a", "read a"], told.Select(t => t.Step));
        Assert.Equal([(1L << 20, 3L << 20), (2L << 20, 3L << 20), (3L << 20, 3L << 20)], told.Take(3).Select(t => (t.Done, t.Total)));
    }

    [Fact]
    public void Passes_are_told_and_cancelled_one_by_one()
    {
        var told = new List<ExperimentProgress>();
        using var cancel = new CancellationTokenSource();
        var steps = ExperimentStep.Parse(["pass 999999999999"]);
        Assert.Throws<OperationCanceledException>(() => CacheExperiment.Run(new MachineOptions(), steps, cancel.Token, new Told(told, cancel, 3)));
        Assert.Equal([0, 1, 2], told.Select(t => t.Done));
        Assert.All(told, t => Assert.Equal((ExperimentProgress.Passes, 999_999_999_999), (t.Unit, t.Total)));
    }

    [Fact]
    public void Control_files_are_named_alone_or_by_their_whole_path()
    {
        CacheExperiment.Run(new MachineOptions(), ExperimentStep.Parse(["control smart_scan 0", "control /sys/kernel/mm/ksm/smart_scan 1"]));
        var failure = Assert.Throws<ReflinkException>(() => CacheExperiment.Run(new MachineOptions(), ExperimentStep.Parse(["control /sys/kernel/mm/ksm/nothing 1"])));
        Assert.EndsWith("there is no control file /sys/kernel/mm/ksm/nothing", failure.Message, StringComparison.Ordinal);
    }

    private sealed class Told(List<ExperimentProgress> told, CancellationTokenSource cancel, int enough) : IRunObserver
    {
        public void SwitchedOn(Machine machine)
        {
        }

        public void StepBegins(string step, RunMoment now)
        {
        }

        public void StepEnds(string? outcome, RunMoment now)
        {
        }

        public void Sampled(string label, RunMoment now)
        {
        }

        public void StepGoesOn(ExperimentProgress done, RunMoment now)
        {
            told.Add(done);
            if (told.Count == enough)
            {
                cancel.Cancel();
            }
        }
    }
}
