namespace Reflink.Machines;

/// <summary>
/// What each kind of work costs. The figures are those of one 2-core virtual machine with Linux 6.18: good for comparing
/// designs with each other, not for predicting another machine. What stands in brackets is a section of COSTS.md beside this file, or the
/// command <c>tests/Reflink.Fidelity -- costs</c>, which measures it again.
/// </summary>
public sealed class CostModel
{
    private readonly Cost[] _costs = new Cost[Kinds.Length];

    /// <summary>The measured costs.</summary>
    public CostModel()
    {
        this[WorkKind.SystemCall] = new(270, "getppid 0.25 to 0.28 µs (Fidelity costs), 0.31 to 0.38 µs on another day (System calls)");
        this[WorkKind.MinorFault] = new(270, "touching cached file pages with fault-around, per page 0.27 to 0.32 µs (Fidelity costs)");
        this[WorkKind.MajorFault] = new(270, "as a minor fault; the read is counted by itself");
        this[WorkKind.PageCopied] = new(3230, "a copying write fault takes 3.2 to 4.0 µs (Copying faults; Fidelity costs), less the fault");
        this[WorkKind.PageZeroed] = new(2330, "first touch of anonymous memory 2.6 to 3.1 µs (Fidelity costs), less the fault");
        this[WorkKind.PageDerived] = new(3230, "a frame is taken and a page copied, as for a copying fault");
        this[WorkKind.StoreRead] = new(1410, "a page of FASTER in memory 1.29 to 1.32 µs (The store), and its checksum");
        this[WorkKind.StoreWrite] = new(1540, "a page of FASTER in memory 1.29 to 1.32 µs (The store), and its checksum");
        this[WorkKind.PageTransferred] = new(1250, "pread of 4 KiB from /dev/shm 1.5 µs (Fidelity costs), less the system call");
        this[WorkKind.MappingChanged] = new(3200, "mmap of a library 3.4 to 4.8 µs (Fidelity costs), less the system call");
        this[WorkKind.EntryDropped] = new(130, "munmap of cached file pages, per page 0.12 to 0.17 µs (Fidelity costs)");
        this[WorkKind.EntryProtected] = new(105, "mprotect there and back, half of it, per page 0.10 to 0.12 µs (Fidelity costs)");
        this[WorkKind.Fork] = new(100_000, "assumed: fork, exit and wait of a small process");
        this[WorkKind.PatchChecked] = new(50, "assumed: one cache miss an entry");
        this[WorkKind.PatchApplied] = new(100, "assumed: two cache misses an entry");
        this[WorkKind.CodeSync] = new(950, "membarrier SYNC_CORE 0.9 to 1.0 µs (Fidelity costs), 0.8 to 1.1 µs (Synchronising cores)");
        this[WorkKind.ProbeRegistered] = new(1070, "uprobe_multi of 29,996 sites that no process maps: 32 ms (Uprobes)");
        this[WorkKind.ProbeInstalled] = new(1650, "the same in 50 processes: 3.0 s, less 50 × 2,992 page copies (Uprobes)");
        this[WorkKind.ProbeRemoved] = new(2900, "detaching it in 50 processes: 4.35 s, the pages' comparison with the file included (Uprobes)");
        this[WorkKind.PageScanned] = new(2750, "ksmd's processor time, per page scanned 2.6 to 2.9 µs (Samepage merging)");
        this[WorkKind.MergedCopied] = new(0, "in the figure of the copied page");
        this[WorkKind.MetadataChanged] = new(0, "in the figures of the faults and calls that cause it");
        this[WorkKind.PageReclaimed] = new(450, "memory.force_empty of a group with 256 MiB of clean pages, per page 0.43 to 0.46 µs (Reclaim)");
    }

    /// <summary>Every kind of work.</summary>
    public static IReadOnlyList<WorkKind> All => Kinds;

    /// <summary>The cost of a kind of work; set it to study another machine, before the machine is made.</summary>
    public Cost this[WorkKind kind]
    {
        get => _costs[(int)kind];
        set => _costs[(int)kind] = value;
    }

    internal static WorkKind[] Kinds { get; } = Enum.GetValues<WorkKind>();
}
