using System.Runtime.InteropServices;
using Reflink.Vm;
using static Reflink.Studies.Experiments.StepCatalog;

namespace Reflink.Studies.Experiments;

/// <summary>The steps that start processes, and say what is in their memory.</summary>
internal static class ProcessSteps
{
    public static IReadOnlyList<StepForm> Forms { get; } =
    [
        new("new-machine", "go on with a new machine of the same kind, without files and processes; simulated time goes on", (bench, _) => Call(bench.Renew)),
        new("spawn PROCESS USER [GROUP]", "start a process of a user, who is added if new, in a group by its number, which is charged for its memory; other steps start processes of root", (bench, a) => Call(() => bench.Spawn(a[0], a[1], a.Number(2, 0)))),
        new("node PROCESS NUMBER", "let a process have frames of that NUMA node first", (bench, a) => Call(() => bench.Running(a[0]).Node = (int)Math.Min(a.Number(1), int.MaxValue))),
        new("text NAME PROCESS", "map a file private and executable, as code is", (bench, a) => Call(() => bench.Map(a[0], a[1], Protection.ReadExecute, MappingKind.Private))),
        new("unmap NAME PROCESS", "take a mapping away (munmap)", (bench, a) => Call(() => bench.Unmap(a[0], a[1]))),
        new("exec PROCESS PROGRAM", "run another program: all mappings go (execve)", (bench, a) => Call(() => bench.Exec(a[0], a[1]))),
        new("contents NAME PROCESS FIRST [OFFSET LENGTH]", "store numbered contents, a page each, from FIRST on; equal numbers, equal pages; 0 is zeroes", Contents),
        new("mergeable PROCESS", "let ksm merge all its private memory, and its children's (PR_SET_MEMORY_MERGE)", (bench, a) => Call(() => bench.Running(a[0]).Prctl(ProcessOption.SetMemoryMerge, 1))),
        new("oom-adjust PROCESS NUMBER", "how readily it is killed when memory runs out, 0 to 1000 (oom_score_adj)", (bench, a) => Call(() => bench.Running(a[0]).OutOfMemoryAdjustment = (int)Math.Min(a.Number(1), int.MaxValue))),
    ];

    private static string Contents(ExperimentBench bench, StepArguments a)
    {
        var mapping = bench.Mapping(a[0], a[1]);
        var ((offset, length), first) = (a.Range(3, mapping.Size), a.Number(2));
        var page = new byte[Page.Size];
        for (var at = offset; at < offset + length; at += Page.Size)
        {
            Fill(page, first == 0 ? 0 : first + ((at - offset) >> Page.Shift));
            bench.Report(new ExperimentProgress("contents", at - offset, length));
            mapping.Process.Memory.Store(mapping.Address + at, page.AsSpan(0, (int)Math.Min(Page.Size, offset + length - at)));
        }

        return $"{(length + Page.Size - 1) >> Page.Shift} pages";
    }

    private static void Fill(Span<byte> page, long content)
    {
        page.Clear();
        var random = new SplitMix((ulong)content);
        foreach (ref var word in MemoryMarshal.Cast<byte, ulong>(content == 0 ? [] : page))
        {
            word = random.Next();
        }
    }
}
