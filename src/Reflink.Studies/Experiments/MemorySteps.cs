using System.Globalization;

namespace Reflink.Studies.Experiments;

/// <summary>The steps that say which pages of a mapping are to stay in memory, to leave it, or to come.</summary>
internal static class MemorySteps
{
    // By the kernel's names, without MADV_.
    private static readonly SortedDictionary<string, Advice> s_advice = new(StringComparer.Ordinal)
    {
        ["normal"] = Advice.Normal, ["random"] = Advice.Random, ["sequential"] = Advice.Sequential, ["willneed"] = Advice.WillNeed,
        ["dontneed"] = Advice.DontNeed, ["cold"] = Advice.Cold, ["pageout"] = Advice.PageOut, ["free"] = Advice.Free,
    };

    public static IReadOnlyList<StepForm> Forms { get; } =
    [
        new("madvise NAME PROCESS ADVICE [OFFSET LENGTH]", $"advise on its pages: {string.Join(", ", s_advice.Keys)} (madvise)", Advise),
        new("reset-peak", "let 'peak' begin with the frames that hold a page now", (bench, _) => ResetPeak(bench)),
        new("lock NAME PROCESS [OFFSET LENGTH]", "fault its pages in, and keep them in memory (mlock)", Lock),
        new("lock-on-fault NAME PROCESS [OFFSET LENGTH]", "keep them in memory from when they come in (mlock2 with MLOCK_ONFAULT)", LockOnFault),
        new("unlock NAME PROCESS [OFFSET LENGTH]", "let them leave again (munlock)", Unlock),
    ];

    private static string? Advise(ExperimentBench bench, StepArguments a)
    {
        if (!s_advice.TryGetValue(a[2], out var advice))
        {
            throw new ReflinkException(Units.Errno.EINVAL, $"there is no advice '{a[2]}'; there are {string.Join(", ", s_advice.Keys)}");
        }

        var mapping = bench.Mapping(a[0], a[1]);
        var (offset, length) = a.Range(3, mapping.Size);
        mapping.Process.Madvise(mapping.Address + offset, length, advice);
        return null;
    }

    private static string? ResetPeak(ExperimentBench bench)
    {
        bench.Machine.Cache.ResetPeak();
        return null;
    }

    private static string Lock(ExperimentBench bench, StepArguments a)
    {
        var mapping = bench.Mapping(a[0], a[1]);
        var (offset, length) = a.Range(2, mapping.Size);
        mapping.Process.Memory.Lock(mapping.Address + offset, length);
        return Locked(bench, mapping);
    }

    private static string LockOnFault(ExperimentBench bench, StepArguments a)
    {
        var mapping = bench.Mapping(a[0], a[1]);
        var (offset, length) = a.Range(2, mapping.Size);
        mapping.Process.Memory.LockOnFault(mapping.Address + offset, length);
        return Locked(bench, mapping);
    }

    private static string Unlock(ExperimentBench bench, StepArguments a)
    {
        var mapping = bench.Mapping(a[0], a[1]);
        var (offset, length) = a.Range(2, mapping.Size);
        mapping.Process.Memory.Unlock(mapping.Address + offset, length);
        return Locked(bench, mapping);
    }

    private static string Locked(ExperimentBench bench, MappedFile mapping) =>
        string.Create(CultureInfo.InvariantCulture, $"{bench.Machine.Smaps().Of(mapping.Process).Locked / 1024:0.#} KiB locked");
}
