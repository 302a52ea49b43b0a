using System.CommandLine;
using Reflink.Machines;
using Reflink.Measuring;
using Reflink.Units;

namespace Reflink.Fidelity;

/// <summary>Measures on the live kernel what <see cref="CostModel"/> says that work costs.</summary>
internal sealed class CostsCommand() : MeasuringCommand("costs", "The cost model's constants beside what this kernel takes.")
{
    /// <summary>Another machine, another day: a constant is good for comparing designs while it is within this factor.</summary>
    private const double Factor = 3;

    private static readonly string[] s_leavesTheGuest =
        [.. new[] { WorkKind.SystemCall, WorkKind.MinorFault, WorkKind.EntryDropped, WorkKind.EntryProtected }.Select(kind => $"{kind}")];

    private readonly CostModel _model = new();

    protected override Report Measure(int rounds, ParseResult line)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new Report(Name, rounds, [new(Contestant.Absent("all", "kernel", "this is not Linux"), null, 0, null)], []);
        }

        Preflight.Here.Tell("a quiet machine: other work shows in every figure");
        using var work = new KernelWork();
        var standings = Run([.. Contestants(work)], rounds);
        var judged = standings.Where(s => !IsInflated(s.Contestant)).ToList();
        return new Report(Name, rounds, standings, [.. judged.Select(Check)]) { Notes = [.. Inflated(standings.Except(judged)), .. Notes(work)] };
    }

    // What a guest with page tables in software is known to take longer for; the model's constants are of machines that have them in hardware.
    private static bool IsInflated(Contestant contestant) => Preflight.Here.EmulatesPaging && contestant.Note.Split(" + ").Any(kind => s_leavesTheGuest.Contains(kind));

    private static IEnumerable<string> Inflated(IEnumerable<Standing> standings) =>
        standings.Select(s => $"inflated here, so not judged: {s.Contestant.Discipline}, {(s.Ratio is { } ratio ? $"{Figures.Of(ratio)}× the model's" : "not measured")}");

    private static Claim Check(Standing standing) => Claim.Most(
        $"{standing.Contestant.Discipline}, off by", standing.Ratio is { } ratio ? Math.Max(ratio, 1 / ratio) : null, Factor, "×");

    private IEnumerable<Contestant> Contestants(KernelWork work)
    {
        yield return Of("getppid", KernelWork.GetParent, WorkKind.SystemCall);
        yield return Of("mmap of a library", work.Map, WorkKind.SystemCall, WorkKind.MappingChanged);
        yield return Of("load from a cached file page", work.Touch, WorkKind.MinorFault);
        yield return Of("copying store to a private file page", work.CopyOnWrite, WorkKind.MinorFault, WorkKind.PageCopied);
        yield return Of("first store to an anonymous page", KernelWork.Zero, WorkKind.MinorFault, WorkKind.PageZeroed);
        yield return Of("mprotect, a present page", work.Protect, WorkKind.EntryProtected);
        yield return Of("munmap, a present file page", work.Unmap, WorkKind.EntryDropped);
        yield return Of("pread of 4 KiB from /dev/shm", work.ReadAt, WorkKind.SystemCall, WorkKind.PageTransferred);
        yield return Of("membarrier SYNC_CORE", KernelWork.Membarrier, WorkKind.CodeSync) with { Skipped = KernelWork.NoMembarrier() };
    }

    private Contestant Of(string what, Action<Lap> run, params WorkKind[] kinds) => new(what, "kernel", run)
    {
        Model = kinds.Sum(k => (double)_model[k].Nanoseconds),
        Note = string.Join(" + ", kinds),
    };

    private IEnumerable<string> Notes(KernelWork work)
    {
        yield return $"{Environment.OSVersion.VersionString}, {Environment.ProcessorCount} processors, {work.Path} of {work.Pages} pages";
        foreach (var kind in CostModel.All)
        {
            yield return $"  {kind,-16} {_model[kind].Nanoseconds,7:N0} ns  {_model[kind].Source}";
        }
    }
}
