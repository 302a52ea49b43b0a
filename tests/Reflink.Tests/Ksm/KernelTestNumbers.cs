using System.Globalization;
using System.Text;
using Reflink.Ksm.Controls;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Ksm;

/// <summary>What LTP's ksm tests and the kernel's selftests (ksm_tests, ksm_functional_tests) expect of a kernel, asked of the model (ksm.md §4).</summary>
public sealed class KernelTestNumbers : IDisposable
{
    // LTP's children have 128 MiB each; what is expected is a formula of the total, and 2 MiB say the same.
    private const int PagesOfChild = 512;
    private const int Total = 3 * PagesOfChild;
    private readonly KsmBench _b = new(nodes: 2);
    private readonly StringBuilder _text = new();

    public void Dispose() => _b.Dispose();

    [Fact]
    public Task LTP_ksm01_three_children_change_what_they_hold()
    {
        ThreeChildren(_b.Spawn);
        return Verify(_text.ToString());
    }

    /// <summary>The same numbers where the children's memory is bound to a node (ksm02), is charged to a group (ksm03; its limit is not set here), or both (ksm04).</summary>
    [Theory]
    [InlineData("ksm02", 1, 0)]
    [InlineData("ksm03", 0, 3)]
    [InlineData("ksm04", 1, 3)]
    public void LTP_ksm02_to_ksm04_the_same_on_a_node_and_in_a_group(string name, int node, int group)
    {
        ThreeChildren(() =>
        {
            var child = _b.Machine.Processes.Spawn(_b.Machine.Processes.User(0), name, new GroupId(group));
            child.Node = node;
            return child;
        });
        var here = _text.ToString();
        _text.Clear();
        using var plain = new KernelTestNumbers();
        plain.ThreeChildren(plain._b.Spawn);
        Assert.Equal(plain._text.ToString(), here);
    }

    private void ThreeChildren(Func<Process> spawn)
    {
        (_b.Ksm.Tunables.SmartScan, _b.Ksm.Tunables.MaxPageSharing) = (false, Total);
        var children = Enumerable.Range(0, 3).Select(_ => spawn()).ToArray();
        foreach (var (step, contents) in ((string, string)[])[("first", "caa"), ("then", "cba"), ("then all alike", "ddd")])
        {
            for (var i = 0; i < 3; i++)
            {
                Hold(children[i], (byte)contents[i]);
            }

            _b.Pass(3);
            Say($"{step} ({string.Join(',', contents.ToCharArray())})");
            Assert.Equal((contents.Distinct().Count(), Total - contents.Distinct().Count()), (_b.Ksm.Counters.PagesShared, _b.Ksm.Counters.PagesSharing));
            Assert.All(contents.Index(), c => Assert.True(Holds(children[c.Index], (byte)c.Item, PagesOfChild)));
        }

        _b.Write(children[1], PagesOfChild - 1, (byte)'e', Page.Size - 1);
        _b.Pass(3);
        Say("child 1's very last byte is 'e'");
        Assert.True(Holds(children[1], (byte)'d', PagesOfChild - 1));
        Assert.Equal(((byte)'d', (byte)'e'), (_b.Read(children[1], PagesOfChild - 1, Page.Size - 2), _b.Read(children[1], PagesOfChild - 1, Page.Size - 1)));
        Assert.True(Holds(children[2], (byte)'d', PagesOfChild));
        _b.Ksm.Run = KsmRun.Unmerge;
        Say("run = 2");
        _b.Ksm.Run = KsmRun.Stop;
        Say("run = 0");
    }

    [Fact]
    public void LTP_ksm05_a_process_ends_wherever_the_scanner_is()
    {
        for (var wakes = 0; wakes < 18; wakes++)
        {
            for (var victim = 0; victim < 3; victim++)
            {
                using var bench = new KsmBench();
                var processes = Enumerable.Range(0, 3).Select(_ => bench.Spawn(7, 7)).ToArray();
                bench.Ksm.Tunables.SmartScan = false;
                bench.Ksm.Tunables.PagesToScan = 1;
                bench.Ksm.Tunables.SleepMilliseconds = 10;
                bench.Ksm.Run = KsmRun.Merge;
                bench.Machine.Wait(TimeSpan.FromMilliseconds(10 * wakes));
                processes[victim].Exit();
                Fsck.Require(bench.Machine);
                bench.Machine.Wait(TimeSpan.FromMilliseconds(300));
                Fsck.Require(bench.Machine);
                Assert.Equal("1/3/0/0", bench.Counts);
                Assert.All(processes.Where(p => p.IsAlive), p => Assert.Equal(7, bench.Read(p, 1)));
            }
        }
    }

    [Fact]
    public Task LTP_ksm07_a_page_alone_is_mostly_skipped()
    {
        _b.Spawn(7);
        _b.Ksm.Tunables.SleepMilliseconds = 0;
        _b.Ksm.Run = KsmRun.Merge;
        for (var i = 0; i < 3; i++)
        {
            var before = _b.Ksm.Counters;
            _b.Machine.Wait(TimeSpan.FromSeconds(4));
            var after = _b.Ksm.Counters;
            var (skipped, scans) = (after.PagesSkipped - before.PagesSkipped, after.FullScans - before.FullScans);
            Assert.True(2 * skipped >= scans && scans > 100, $"{skipped} of {scans}");
            _text.AppendLine(CultureInfo.InvariantCulture, $"{scans} passes, skipped in {skipped}: {100.0 * skipped / scans:f1}%");
        }

        return Verify(_text.ToString());
    }

    [Theory]
    [InlineData(10, 256)]
    [InlineData(300, 256)]
    [InlineData(513, 256)]
    [InlineData(21, 10)]
    public void Selftest_M_and_Z_merge_by_the_formula_and_zero_pages_not_at_all(int pages, int most)
    {
        (_b.Ksm.Tunables.SmartScan, _b.Ksm.Tunables.MaxPageSharing) = (false, most);
        var (shared, sharing) = Expected(pages, most);
        var star = Filled(pages, (byte)'*');
        _b.Pass(2);
        Assert.Equal((shared, sharing), (_b.Ksm.Counters.PagesShared, _b.Ksm.Counters.PagesSharing));
        star.Exit();
        _b.Pass();
        foreach (var (zeroes, expected) in ((bool, (long, long))[])[(true, (0, 0)), (false, (shared, sharing))])
        {
            _b.Ksm.Tunables.UseZeroPages = zeroes;
            var empty = Filled(pages, 0);
            _b.Pass(2);
            Assert.Equal(expected, (_b.Ksm.Counters.PagesShared, _b.Ksm.Counters.PagesSharing));
            empty.Exit();
            _b.Pass();
        }
    }

    [Fact]
    public Task Functional_what_is_unmerged_has_frames_of_its_own()
    {
        _b.Ksm.Tunables.SmartScan = false;
        var p = Merged("unmerge", 7);
        p.Madvise(KsmBench.At(0), Bytes(512), Advice.Unmergeable);
        End("UNMERGEABLE", p);

        p = Merged("unmerge_discarded", 7);
        p.Madvise(KsmBench.At(0), Bytes(256), Advice.DontNeed);
        p.Madvise(KsmBench.At(0), Bytes(512), Advice.Unmergeable);
        Assert.True(Holds(p, 0, 256));
        End("half DONTNEED, UNMERGEABLE", p);

        p = Merged("prot_none", 7, Protection.None);
        for (var page = 0; page < 256; page++)
        {
            p.Memory.DebugWrite(KsmBench.At(page), [9]);
        }

        p.Madvise(KsmBench.At(256), Bytes(256), Advice.Unmergeable);
        End("half written through /proc/self/mem, half UNMERGEABLE", p);

        _b.Ksm.Tunables.UseZeroPages = true;
        p = Merged("unmerge_zero_pages", 0);
        p.Madvise(KsmBench.At(0), Bytes(256), Advice.Unmergeable);
        Tell("half UNMERGEABLE", p);
        for (var page = 256; page < 512; page++)
        {
            _b.Write(p, page, 1);
        }

        End("the rest written", p);
        _b.Ksm.Tunables.UseZeroPages = false;

        p = Merged("prctl_unmerge", 7, advised: false);
        p.Prctl(ProcessOption.SetMemoryMerge, 0);
        End("PR_SET_MEMORY_MERGE 0", p);
        return Verify(_text.ToString());
    }

    [Fact]
    public Task Functional_the_option_and_what_a_fork_counts()
    {
        _b.Ksm.Tunables.SmartScan = false;
        var parent = Merged("prctl", 7, advised: false);
        var child = parent.Fork();
        Tell($"fork_ksm_merging_page_count, prctl_fork: the child has the option {child.Prctl(ProcessOption.GetMemoryMerge)}", child);
        child.Exec("other");
        child.Memory.MapAnonymous(Bytes(512), Protection.ReadWrite, address: KsmBench.At(0));
        Store(child, 512, 8);
        _b.Pass(2);
        End($"prctl_fork_exec: it has the option {child.Prctl(ProcessOption.GetMemoryMerge)}, and merges", child);
        parent.Prctl(ProcessOption.SetMemoryMerge, 0);
        Tell($"the option is {parent.Prctl(ProcessOption.GetMemoryMerge)}", parent);
        parent.Exit();

        _b.Ksm.Tunables.UseZeroPages = true;
        parent = Merged("fork_global_ksm_zero_pages_count", 0);
        var before = _b.Ksm.Counters.ZeroPages;
        child = parent.Fork();
        Assert.Equal(2 * before, _b.Ksm.Counters.ZeroPages);
        child.Madvise(KsmBench.At(0), Bytes(512), Advice.Unmergeable);
        child.Exit();
        Assert.Equal(before, _b.Ksm.Counters.ZeroPages);
        return Verify(_text.ToString());
    }

    private static long Bytes(int pages) => (long)pages << Page.Shift;

    // The selftest's assert_ksm_pages_count.
    private static (long Shared, long Sharing) Expected(int pages, int most) => pages % most is 0 or 1
        ? (pages / most, pages / most * (most - 1))
        : ((pages / most) + 1, pages - (pages / most) - 1);

    private static void Store(Process process, int pages, byte content)
    {
        var bytes = new byte[Bytes(pages)];
        bytes.AsSpan().Fill(content);
        process.Memory.Store(KsmBench.At(0), bytes);
    }

    private static bool Holds(Process process, byte content, int pages)
    {
        var bytes = new byte[Bytes(pages)];
        process.Memory.Load(KsmBench.At(0), bytes);
        return !bytes.AsSpan().ContainsAnyExcept(content);
    }

    private static int Distinct(Process process) => Enumerable.Range(0, 512).Select(page => BlockAt(process, page)).Distinct().Count(b => b is not null);

    private static BlockNumber? BlockAt(Process process, int page) => process.Memory.Find(KsmBench.At(page)) is { } vma
        && vma.IsFilled(vma.PageOf(VirtualPage.Of(KsmBench.At(page))), out var block) && !block.IsZero ? block : null;

    private void Hold(Process child, byte content)
    {
        if (child.Memory.Find(KsmBench.At(0)) is null)
        {
            child.Memory.MapAnonymous(Bytes(PagesOfChild), Protection.ReadWrite, address: KsmBench.At(0));
            child.Madvise(KsmBench.At(0), Bytes(PagesOfChild), Advice.Mergeable);
        }

        Store(child, PagesOfChild, content);
    }

    private Process Filled(int pages, byte content, bool advised = true)
    {
        var process = _b.Spawn();
        process.Prctl(ProcessOption.SetMemoryMerge, advised ? 0 : 1);
        process.Memory.MapAnonymous(Bytes(pages), Protection.ReadWrite, address: KsmBench.At(0));
        Store(process, pages, content);
        if (advised)
        {
            process.Madvise(KsmBench.At(0), Bytes(pages), Advice.Mergeable);
        }

        return process;
    }

    private Process Merged(string test, byte content, Protection protection = Protection.ReadWrite, bool advised = true)
    {
        var process = Filled(512, content, advised);
        process.Memory.Protect(KsmBench.At(0), Bytes(512), protection);
        _b.Pass(2);
        Tell(test, process);
        return process;
    }

    private void Tell(string what, Process process)
    {
        var stat = _b.Ksm.StatOf(process);
        _text.AppendLine(CultureInfo.InvariantCulture, $"{what}: {Distinct(process)} frames, merging {stat.MergingPages}, zero pages {stat.ZeroPages}, items {stat.RmapItems}");
    }

    private void End(string what, Process process)
    {
        Tell("  " + what, process);
        process.Exit();
        _b.Pass();
    }

    private void Say(string when)
    {
        var c = _b.Ksm.Counters;
        _text.AppendLine(CultureInfo.InvariantCulture, $"{when}: shared {c.PagesShared}, sharing {c.PagesSharing}, volatile {c.PagesVolatile}, unshared {c.PagesUnshared}");
    }
}
