using Reflink.Units;

namespace Reflink.Studies.Comparison;

/// <summary>
/// Patches one binary in many processes, once per mechanism, each on machines of its own: one with ample memory, whose figures
/// are reported, and one with a quarter of what was used on the first at the peak.
/// </summary>
public sealed class PatchComparison
{
    private readonly List<Func<IMechanism>> _mechanisms = [];
    private readonly List<RefusedMechanism> _refused = [];

    /// <summary>Prepares a comparison.</summary>
    /// <param name="plan">What every mechanism is put through.</param>
    /// <param name="mechanisms">What makes each mechanism for a machine; those of the <see cref="Mechanisms.MechanismCatalog"/>, or others.</param>
    /// <exception cref="ReflinkException">EINVAL: none of them can do what is planned. ENOMEM: this host could not hold the machine of one of them.</exception>
    public PatchComparison(ComparisonPlan plan, IReadOnlyList<Func<IMechanism>> mechanisms)
    {
        Plan = plan;
        foreach (var make in mechanisms)
        {
            var mechanism = make();
            if (mechanism.Refuses(plan) is { } reason)
            {
                _refused.Add(new RefusedMechanism(mechanism.Name, reason));
                continue;
            }

            CheckMemory(mechanism);
            _mechanisms.Add(make);
        }

        if (_mechanisms.Count == 0)
        {
            throw new ReflinkException(Errno.EINVAL, _refused.Count == 0
                ? "there is no mechanism to compare; name one or more"
                : string.Join("\n  ", _refused.Select(r => $"'{r.Name}' {r.Reason}")));
        }
    }

    /// <summary>What every mechanism is put through.</summary>
    public ComparisonPlan Plan { get; }

    /// <summary>Runs all mechanisms, one after the other.</summary>
    /// <param name="progress">Told after every step of every process.</param>
    /// <param name="cancel">Checked before every step of every process.</param>
    /// <exception cref="MismatchException">A process read other bytes than it should.</exception>
    /// <exception cref="ReflinkException">A mechanism failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is left behind.</exception>
    public ComparisonResult Run(IProgress<ComparisonProgress>? progress = null, CancellationToken cancel = default)
    {
        var all = new List<MechanismFigures>();
        var (compared, comparedWhenTight) = (0L, 0L);
        foreach (var make in _mechanisms)
        {
            var (figures, bytes) = RunOn(make(), AmpleFrames(make()), 0, progress, cancel);
            compared += bytes;
            all.Add(figures!);

            // All private pages at once, should the mechanism need that, go to swap.
            var swap = make().FramesNeeded(Plan);
            (_, bytes) = RunOn(make(), Math.Max(MachineOptions.MinFrames, figures!.PeakFrames / 4), swap, progress, cancel);
            comparedWhenTight += bytes;
        }

        var binary = new BinaryFacts(Plan.Elf.Path, Plan.Elf.BuildId, Plan.TextPages);
        return new ComparisonResult(
            binary, Plan.Patches.Count, Plan.PatchedPages, Plan.Processes, Plan.Users, Plan.Choice.Facts, Plan.Counts, all, _refused)
        {
            ComparedBytes = compared,
            ComparedBytesWhenTight = comparedWhenTight,
        };
    }

    private (MechanismFigures? Figures, long ComparedBytes) RunOn(
        IMechanism mechanism, long frames, long swap, IProgress<ComparisonProgress>? progress, CancellationToken cancel)
    {
        var options = new MachineOptions { Memory = frames << Page.Shift, Swap = swap << Page.Shift };
        using var bench = new Bench(Plan, options, mechanism);
        var run = new MechanismRun(bench, mechanism, isTight: swap > 0, progress, cancel);
        var figures = run.Run();
        return (figures, run.ComparedBytes);
    }

    // More than is needed, so that nothing is evicted: memory that is not used costs nothing.
    private long AmpleFrames(IMechanism mechanism)
    {
        var needed = mechanism.FramesNeeded(Plan);
        return needed + (needed / 8) + 1024;
    }

    private void CheckMemory(IMechanism mechanism)
    {
        var needed = AmpleFrames(mechanism);
        var most = Math.Min(MachineOptions.MaxFrames, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> Page.Shift);
        if (needed > most)
        {
            throw new ReflinkException(
                Errno.ENOMEM,
                $"'{mechanism.Name}' with {Plan.Processes} processes needs {needed >> 8} MiB of memory, {most >> 8} MiB can be had; take fewer processes, fewer sites or other mechanisms");
        }
    }
}
