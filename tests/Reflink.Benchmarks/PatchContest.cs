using System.Globalization;
using Reflink.Measuring;
using Reflink.Units;

namespace Reflink.Benchmarks;

/// <summary>The disciplines of the patch benchmark. Each begins with nothing patched and all text touched, on either side.</summary>
/// <param name="binary">What is patched.</param>
/// <param name="workers">The kernel's side; null if it cannot take part.</param>
/// <param name="why">Why not.</param>
internal sealed class PatchContest(PatchedBinary binary, PatchWorkers? workers, string why)
{
    public const string Kernel = "kernel";
    public const string Copy = "bare copy";
    public const int MostProcesses = 50;
    private static readonly int[] s_sizes = [1_000, 10_000, 30_000];
    private static readonly int s_largest = s_sizes.Length - 1;

    /// <summary>How many sites are patched.</summary>
    public static IReadOnlyList<int> Sizes => s_sizes;

    /// <summary>Patching all sites in all processes.</summary>
    public static string Patching => Patch(s_largest, MostProcesses);

    /// <summary>The first poke of all sites in one process, which derives every page.</summary>
    public static string Deriving => Patch(s_largest, 1);

    /// <summary>A set that is poked over the largest one, in as many processes.</summary>
    public string Over => binary.Second is { } second
        ? string.Create(CultureInfo.InvariantCulture, $"second set, {binary.Sets[second].Count:N0} sites, {MostProcesses} processes") : "";

    /// <summary>The same, and a load of every byte.</summary>
    public static string WithLoads => Of("patch and load", s_largest, MostProcesses);

    /// <summary>Everybody, discipline by discipline.</summary>
    public IReadOnlyList<Contestant> Contestants =>
    [
        .. Patches(0, MostProcesses), .. Patches(1, MostProcesses), .. Patches(s_largest, MostProcesses),
        .. Patches(s_largest, 10), .. Patches(s_largest, 1), CopiedPages(), .. Loads(), .. Newcomer(), .. Seconds(), .. Reverts(),
    ];

    private static string Patch(int size, int processes) => Of("patch", size, processes);

    private static string Of(string what, int size, int processes) =>
        string.Create(CultureInfo.InvariantCulture, $"{what}, {s_sizes[size]:N0} sites, {processes} process{(processes == 1 ? "" : "es")}");

    private IEnumerable<Contestant> Patches(int size, int processes) => Both(
        Patch(size, processes),
        "",
        lap => Ours(lap, processes, size, (_, _) => { }, (machine, set) => machine.Poke(set), (machine, set) => machine.LoadNew(set)),
        "mprotect, stores, mprotect",
        lap => Theirs(lap, processes, kernel => kernel.Patch(processes, size), kernel => kernel.CheckNew(processes, size)));

    private IEnumerable<Contestant> Loads() =>
    [
        .. Both(
            WithLoads, "process by process", lap => Loads(lap, (machine, bytes) => machine.LoadByProcess(bytes)), "without the loads", KernelPatches),
        .. Both(
            Of("patch and load by page", s_largest, MostProcesses),
            "page by page, all processes",
            lap => Loads(lap, (machine, bytes) => machine.Load(bytes)),
            "without the loads",
            KernelPatches),
    ];

    private IEnumerable<Contestant> Newcomer() => Both(
        Of("a newcomer", s_largest, 1),
        $"the set lies in {MostProcesses} others",
        lap => Ours(lap, MostProcesses + 1, s_largest, (m, set) => m.PokeOthers(set), (m, set) => m.PokeLast(set), (m, set) => m.LoadNew(set)),
        "",
        lap => Theirs(lap, 1, kernel => kernel.Patch(1, s_largest), kernel => kernel.CheckNew(1, s_largest)));

    private IEnumerable<Contestant> Seconds() => binary.Second is not { } second ? [] : Both(
        Over,
        "over the first, other sites",
        lap =>
        {
            var over = binary.Fresh(second);
            Ours(lap, MostProcesses, s_largest, (m, set) => m.Poke(set), (m, _) => m.Poke(over), (m, set) =>
            {
                m.LoadNew(set);
                m.LoadNew(over);
            });
        },
        "the pages are private already",
        lap => Theirs(
            lap,
            MostProcesses,
            kernel =>
            {
                _ = kernel.Patch(MostProcesses, s_largest);
                return kernel.Patch(MostProcesses, second);
            },
            kernel =>
            {
                kernel.CheckNew(MostProcesses, s_largest);
                kernel.CheckNew(MostProcesses, second);
            }));

    private IEnumerable<Contestant> Reverts() => Both(
        Of("revert", s_largest, MostProcesses),
        "",
        lap => Ours(lap, MostProcesses, s_largest, PokeAndLoad, (m, set) => m.Revert(set), (m, set) => m.LoadOld(set)),
        "the pages stay private",
        lap => Theirs(
            lap,
            MostProcesses,
            kernel =>
            {
                _ = kernel.Patch(MostProcesses, s_largest);
                return kernel.Revert(MostProcesses, s_largest);
            },
            kernel => kernel.CheckOld(MostProcesses, s_largest)));

    // What a first poke derives, as if that were to copy it: every page that is patched, once.
    private Contestant CopiedPages()
    {
        var set = binary.Sets[s_largest];
        var pages = Enumerable.Range(0, set.Count).Select(i => set.Offset(i) >> Page.Shift).Distinct().ToList();
        var (file, copies) = (File.ReadAllBytes(binary.Path), new byte[pages.Count << Page.Shift]);
        return new(Deriving, Copy, lap =>
        {
            lap.Start();
            for (var i = 0; i < pages.Count; i++)
            {
                var page = file.AsSpan((int)(pages[i] << Page.Shift));
                page[..Math.Min(Page.Size, page.Length)].CopyTo(copies.AsSpan(i << Page.Shift));
            }

            lap.Stop();
        }) { Note = string.Create(CultureInfo.InvariantCulture, $"the {pages.Count:N0} pages") };
    }

    private void KernelPatches(Lap lap) => Theirs(
        lap, MostProcesses, kernel => kernel.Patch(MostProcesses, s_largest), kernel => kernel.CheckNew(MostProcesses, s_largest));

    private void Loads(Lap lap, Action<PatchedMachine, PatchedBytes> load)
    {
        var bytes = new PatchedBytes(binary.Sets[s_largest]);
        Ours(
            lap,
            MostProcesses,
            s_largest,
            (_, _) => { },
            (machine, set) =>
            {
                machine.Poke(set);
                load(machine, bytes);
            },
            (_, _) => { });
    }

    private static void PokeAndLoad(PatchedMachine machine, PatchSet set)
    {
        machine.Poke(set);
        machine.LoadNew(set);
    }

    private IEnumerable<Contestant> Both(string discipline, string note, Action<Lap> ours, string theirNote, Action<Lap> theirs) =>
    [
        new(discipline, Contestant.Ours, ours) { Note = note },
        workers is null
            ? Contestant.Absent(discipline, Kernel, why)
            : new(discipline, Kernel, theirs) { Note = theirNote, WarmUps = 1 },
    ];

    private void Ours(
        Lap lap, int processes, int size, Action<PatchedMachine, PatchSet> prepare, Action<PatchedMachine, PatchSet> act, Action<PatchedMachine, PatchSet> check)
    {
        var set = binary.Fresh(size);
        using var machine = new PatchedMachine(binary, processes);
        prepare(machine, set);
        lap.Start();
        act(machine, set);
        lap.Stop();
        check(machine, set);
    }

    private void Theirs(Lap lap, int processes, Func<PatchWorkers, long> act, Action<PatchWorkers> check)
    {
        workers!.Map(processes);
        lap.Add(act(workers));
        check(workers);
        workers.Unmap(processes);
    }
}
