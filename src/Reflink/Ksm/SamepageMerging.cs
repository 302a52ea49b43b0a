using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Ksm;

/// <summary>
/// Kernel samepage merging: a scanner finds private pages that are equal, within mappings that were advised, and makes them one
/// (mm/ksm.c, Linux 6.18).
/// </summary>
public sealed class SamepageMerging : IAdviser, IMappingObserver, IProcessObserver
{
    private readonly MergeServices _services;
    private readonly MergeDaemon _daemon;

    internal SamepageMerging(MergeServices services, Func<AccountId, long> timeOf)
    {
        _services = services;
        Account = services.Vm.Meter.Open();
        Domain = new MergeDomain("", services.Space, services.Clock);
        _daemon = new MergeDaemon(services, Domain, Account, () => timeOf(Account));
    }

    /// <summary>The account that pays for scanning: ksmd's.</summary>
    public AccountId Account { get; }

    /// <summary>What can be set.</summary>
    public KsmTunables Tunables => Domain.Tunables;

    /// <summary>Whether the scanner runs; setting it to <see cref="KsmRun.Unmerge"/> unmerges everything.</summary>
    /// <exception cref="ReflinkException">EINVAL; ENOMEM or EIO while unmerging: some pages are still merged, and the scanner is stopped.</exception>
    public KsmRun Run
    {
        get => _daemon.Run;
        set => _daemon.Run = value;
    }

    /// <summary>The counters.</summary>
    public KsmCounters Counters => Domain.Counters(ZeroPages());

    /// <summary>Copies of merged pages so far, by writes and by unmerging (cow_ksm in /proc/vmstat).</summary>
    public long CowKsm => _services.Vm.Meter.Total(WorkKind.MergedCopied);

    /// <summary>Bytes that the model keeps for what it remembers of pages, tables included.</summary>
    public long MetadataBytes => Domain.MetadataBytes;

    /// <summary>When the scanner wakes next, in nanoseconds of the machine's clock, if it runs and has something to do.</summary>
    public long? NextWake => _daemon.NextWake;

    internal MergeDomain Domain { get; }

    /// <summary>Scans to the end of the pass, however many pages that are, and whether or not the scanner runs.</summary>
    /// <returns>Whether a pass ended; there is none without processes that may be merged.</returns>
    public bool Pass() => _daemon.Pass();

    /// <summary>What merging does to a process (/proc/PID/ksm_stat).</summary>
    public KsmStat StatOf(Process process)
    {
        var slot = Domain.SlotOf(process);
        return new(
            slot?.Items ?? 0, ZeroPagesOf(process), slot?.Merging ?? 0, slot?.MergeAny ?? false,
            process.Memory.Mappings.Any(v => v.Merging == Domain));
    }

    /// <summary>The scanner wakes, as the clock said.</summary>
    internal void Wake() => _daemon.Wake();

    /// <inheritdoc/>
    bool IAdviser.Knows(Advice advice) => advice is Advice.Mergeable or Advice.Unmergeable;

    /// <inheritdoc/>
    void IAdviser.Advise(Process process, VirtualPage start, VirtualPage end, Advice advice)
    {
        foreach (var vma in process.Memory.Overlapping(start, end))
        {
            var (from, to) = (vma.Start > start ? vma.Start : start, vma.End < end ? vma.End : end);
            if (advice == Advice.Unmergeable)
            {
                Unmerge(process, vma, from, to);
            }
            else if (IsEligible(vma))
            {
                Enter(process);
                process.Memory.SetMerging(vma, from, to, Domain);
            }
        }
    }

    /// <inheritdoc/>
    bool IAdviser.TryPrctl(Process process, ProcessOption option, long value, out long result)
    {
        result = option == ProcessOption.GetMemoryMerge && Domain.SlotOf(process) is { MergeAny: true } ? 1 : 0;
        if (option == ProcessOption.SetMemoryMerge)
        {
            SetMergeAny(process, value != 0);
        }

        return option is ProcessOption.SetMemoryMerge or ProcessOption.GetMemoryMerge;
    }

    /// <inheritdoc/>
    void IMappingObserver.Mapped(Process process, Vma vma)
    {
        if (Domain.SlotOf(process) is { MergeAny: true } && IsEligible(vma))
        {
            vma.Merging = Domain;
        }
    }

    /// <inheritdoc/>
    void IProcessObserver.Forked(Process parent, Process child)
    {
        if (Domain.SlotOf(parent) is { } slot)
        {
            Enter(child).MergeAny = slot.MergeAny;
        }
    }

    /// <inheritdoc/>
    void IProcessObserver.Executed(Process process)
    {
        var mergeAny = Domain.SlotOf(process) is { MergeAny: true };
        Domain.Leave(process);
        if (mergeAny)
        {
            Enter(process).MergeAny = true;
        }
    }

    /// <inheritdoc/>
    void IProcessObserver.Exited(Process process) => Domain.Leave(process);

    // The pages of shared mappings are the file's, and files are not merged (vma_ksm_compatible, mm/ksm.c).
    private static bool IsEligible(Vma vma) => !vma.IsShared && vma.Merging is null;

    private ScanSlot Enter(Process process)
    {
        Domain.Enter(process, atEnd: Run == KsmRun.Unmerge);
        _daemon.Rouse();
        return Domain.SlotOf(process)!;
    }

    private void SetMergeAny(Process process, bool on)
    {
        if (on == Domain.SlotOf(process) is { MergeAny: true })
        {
            return;
        }

        foreach (var vma in process.Memory.Mappings.ToList())
        {
            if (!on)
            {
                Unmerge(process, vma, vma.Start, vma.End);
            }
            else if (IsEligible(vma))
            {
                Enter(process);
                process.Memory.SetMerging(vma, vma.Start, vma.End, Domain);
            }
        }

        Enter(process).MergeAny = on;
    }

    private void Unmerge(Process process, Vma vma, VirtualPage start, VirtualPage end)
    {
        if (vma.Merging == Domain)
        {
            Unmerger.Unmerge(_services, process, vma, start, end);
            process.Memory.SetMerging(vma, start, end, null);
        }
    }

    private long ZeroPages() => Domain.MergedZeroes ? _services.Processes.Alive.Sum(ZeroPagesOf) : 0;

    // An extent of block 0 in a private inode is always the scanner's work.
    private long ZeroPagesOf(Process process)
    {
        var pages = 0L;
        foreach (var vma in process.Memory.Mappings)
        {
            if (vma.Private is not { } own)
            {
                continue;
            }

            foreach (var extent in own.Map.Extents(vma.FileRange))
            {
                pages += extent.Block.IsZero ? extent.Length : 0;
            }
        }

        return pages;
    }
}
