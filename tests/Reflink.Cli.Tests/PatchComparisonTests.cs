using Reflink.Cli.Tests.Made;
using Reflink.Elf;
using Reflink.Studies.Comparison;
using Reflink.Studies.Comparison.Mechanisms;

namespace Reflink.Cli.Tests;

/// <summary>The study behind the command, on small files made for it.</summary>
public sealed class PatchComparisonTests
{
    // Two segments that meet in page 3 and end in the file's last, partial page.
    private readonly ElfFile _elf = TestElf.Make(0x6800, (0x1100, 0x3800), (0x3800, 0x6800));

    private static IReadOnlyList<Func<IMechanism>> All => [.. MechanismCatalog.Names.Select(MechanismCatalog.Find)];

    [Fact]
    public void Segments_that_meet_in_a_page_show_each_others_patches()
    {
        // In the first only, across pages 2 and 3, at the end of the first, in the second's part of page 3, at the end of the file.
        var plan = new ComparisonPlan(_elf, Patches((0x1100, 1), (0x2ffe, 4), (0x37fc, 4), (0x3900, 2), (0x67ff, 1)), 4, 2);
        var result = new PatchComparison(plan, All).Run();

        Assert.Equal([3, 4], plan.Texts.Select(t => t.Pages.Length));
        Assert.Equal([3, 2], plan.Profiles[0].Texts.Select(t => t.Changes.CountPages()));
        Assert.Equal(7, result.Binary.TextPages);
        Assert.Equal(5, result.PatchedPages);

        // Page 3 is patched alike in both mappings: one frame where frames are shared. With a cache keyed by inode each mapping's
        // derived inode has its own, and of all its pages.
        Assert.Equal([4, 4 * 5, 4, 4, 2 * 4, 4, 4, 4, 4, 5], result.Mechanisms.Select(m => m.PatchedFrames));
        Assert.Equal([4, 4 * 5, 0, 0, 0, 0, 0, 0, 0, 0], result.Mechanisms.Select(m => m.PrivateFrames));
        Assert.Equal([4, 4 * 5, 4 * 5, 4 * 5, 4 * 5, 0, 0, 0, 0, 0], result.Mechanisms.Select(m => m.FramesAfterRevert));
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 4, 4, 7], result.Mechanisms.Select(m => m.CachedAfterRevert));
        Assert.Equal([7, 6, 6, 6, 6, 6, 6, 6, 6, 6], result.Mechanisms.Select(m => m.PssBytesBefore / 4096));
        Assert.Equal([3, 2, 2, 2, 2, 2, 4, 2, 2, 2], result.Mechanisms.Select(m => m.VmasPerProcess));
        Assert.Equal(((result.Mechanisms.Count * 7) + 1) * 3 * 4 * 4096, result.ComparedBytes);
        result.RequireAgreement();
        Assert.Equal(["uprobes"], result.Refused.Select(r => r.Name));
        Assert.Equal(result.ComparedBytes, result.ComparedBytesWhenTight);
    }

    [Fact]
    public void The_second_machine_has_a_quarter_of_the_peak()
    {
        var memory = new List<long>();
        var plan = new ComparisonPlan(_elf, Patches((0x1100, 1), (0x2000, 1), (0x3900, 2)), 40, 2);
        var result = new PatchComparison(plan, [() => new WatchedMechanism(new PrivateMechanism(), b => memory.Add(b.Machine.Options.Memory))]).Run();

        Assert.Equal(2, memory.Count);
        Assert.Equal(result.Mechanisms[0].PeakFrames / 4 * 4096, memory[1]);
        Assert.True(memory[0] > result.Mechanisms[0].PeakFrames * 4096);
    }

    [Fact]
    public void A_segment_without_patches_is_left_alone()
    {
        var result = new PatchComparison(new ComparisonPlan(_elf, Patches((0x1200, 3)), 2, 1), All).Run();

        Assert.Equal([2, 2, 1, 1, 1, 1, 1, 1, 1, 1], result.Mechanisms.Select(m => m.PatchedFrames));
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 1, 1, 3], result.Mechanisms.Select(m => m.CachedAfterExit));
    }

    [Fact]
    public void Wrong_bytes_are_found_and_named()
    {
        var comparison = new PatchComparison(new ComparisonPlan(_elf, Patches((0x1234, 2)), 2, 1), [() => new IdleMechanism()]);
        var failure = Assert.Throws<MismatchException>(() => comparison.Run());

        Assert.Equal(0x1234, failure.Offset);
        Assert.Contains("idle, ample memory, Patched: process 2 (patched) reads", failure.Message, StringComparison.Ordinal);
        Assert.Contains("at file offset 0x1234 of /binary,", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelled_between_two_processes()
    {
        using var cancel = new CancellationTokenSource();
        var applied = 0;
        var comparison = new PatchComparison(
            new ComparisonPlan(_elf, Patches((0x1234, 2)), 9, 1),
            [() => new IdleMechanism(() => { applied++; cancel.Cancel(); })]);

        Assert.Throws<OperationCanceledException>(() => comparison.Run(cancel: cancel.Token));
        Assert.Equal(1, applied);
    }

    [Fact]
    public void Progress_goes_from_one_step_to_all_of_them()
    {
        var seen = new List<ComparisonProgress>();
        new PatchComparison(new ComparisonPlan(_elf, Patches((0x1234, 2), (0x4000, 1)), 3, 3), [MechanismCatalog.Find("text-poke")])
            .Run(new Listener(seen.Add));

        Assert.Equal([false, true], seen.Select(p => p.IsTight).Distinct());
        Assert.All(seen.GroupBy(p => p.IsTight), run => Assert.Equal(Enumerable.Range(1, run.Count()), run.Select(p => p.Done)));
        Assert.All(seen.GroupBy(p => p.IsTight), run => Assert.Equal(run.Count(), run.Last().Total));
        Assert.Equal(Enum.GetValues<ComparisonPhase>(), seen.Select(p => p.Phase).Distinct());
    }

    [Fact]
    public void Nonsense_is_refused()
    {
        Assert.Throws<ReflinkException>(() => new ComparisonPlan(_elf, Patches(), 5, 1));
        Assert.Throws<ReflinkException>(() => new ComparisonPlan(_elf, Patches((0x1234, 2)), 0, 0));
        Assert.Throws<ReflinkException>(() => new ComparisonPlan(_elf, Patches((0x1234, 2)), 2, 3));
        Assert.Throws<ReflinkException>(() => MechanismCatalog.Find("magic"));
    }

    private PatchSet Patches(params (long Offset, int Length)[] places)
    {
        var builder = new PatchSetBuilder();
        foreach (var (offset, length) in places)
        {
            var old = _elf.Read(offset, length).ToArray();
            builder.Add(offset, old, [.. old.Select(b => (byte)(b ^ 0xff))]);
        }

        return builder.Build();
    }

    private sealed class Listener(Action<ComparisonProgress> report) : IProgress<ComparisonProgress>
    {
        public void Report(ComparisonProgress value) => report(value);
    }
}
