using Reflink.Cache;
using Reflink.Ksm.Controls;
using Reflink.Ksm.Partitions;
using Reflink.Ksm.Reporting;
using Reflink.Ksm.Scanning;
using Reflink.Ksm.Sets;
using Reflink.Space;
using Reflink.Vm;

namespace Reflink.Ksm;

/// <summary>
/// Samepage merging in three forms on one mechanism: the kernel's scanner (mm/ksm.c, Linux 6.18), merging on request, and
/// partitions of either kind. A mapping belongs to one partition, to the machine's own, or to none.
/// </summary>
public sealed partial class SamepageMerging
{
    private readonly ProcessTable _processes;
    private readonly BlockSpace _space;
    private readonly PageCache _cache;
    private readonly Meter _meter;
    private readonly ChangeCounter _changes;
    private readonly PinnedPages _pins;
    private readonly Unmerger _unmerger;
    private readonly PartitionTable _partitions;
    private readonly User _root;

    // The processes all of whose private mappings are to be merged, later ones too (MMF_VM_MERGE_ANY).
    private readonly HashSet<Process> _mergeAny = [];

    internal SamepageMerging(ProcessTable processes, BlockSpace space, PageCache cache, Meter meter, ChangeCounter changes, PartitionMaker maker)
    {
        (_processes, _space, _cache, _meter, _changes, _root) = (processes, space, cache, meter, changes, processes.User(0));
        (_pins, _unmerger, _partitions) = (maker.Pins, maker.Unmerger, new PartitionTable(maker, maker.Unmerger));
        Machine = maker.Make("", null, _root, FileModes.Private, 0);
        Requested = maker.Make("", null, _root, FileModes.Private, KsmOpenFlags.Synchronous);
        space.OnMergedFreed = OnMergedFreed;
    }

    /// <summary>The machine's own, scanned partition: classic KSM.</summary>
    public MergePartition Machine { get; }

    /// <summary>The partition of memory that is in no other and is merged on request (MADV_MERGE): synchronous KSM's global table.</summary>
    public MergePartition Requested { get; }

    /// <summary>The partitions that were made, by name.</summary>
    public IReadOnlyCollection<MergePartition> Partitions => _partitions.All;

    /// <summary>What can be set of classic KSM.</summary>
    public KsmTunables Tunables => Machine.Tunables;

    /// <summary>The counters of classic KSM.</summary>
    public KsmCounters Counters => Machine.Counters;

    /// <summary>The account that is charged for classic KSM's scanning: ksmd's.</summary>
    public AccountId Account => Machine.Account;

    /// <summary>Whether classic KSM's scanner runs; setting it to <see cref="KsmRun.Unmerge"/> unmerges everything of it.</summary>
    /// <exception cref="ReflinkException">EINVAL; ENOMEM or EIO while unmerging: some pages are still merged, and the scanner is stopped.</exception>
    public KsmRun Run
    {
        get => Machine.Daemon.Run;
        set => Machine.Daemon.Run = value;
    }

    /// <summary>What merging adds to /proc/vmstat. A merged page that comes back from swap is shared as before, so none is ever copied then.</summary>
    internal IEnumerable<KernelCounter> EventCounters => [new("ksm_swpin_copy", 0), new("cow_ksm", CowKsm)];

    /// <summary>Copies of merged pages so far, by writes and by unmerging (cow_ksm in /proc/vmstat).</summary>
    public long CowKsm => _meter.Total(WorkKind.MergedCopied);

    /// <summary>Bytes of memory that the records of classic KSM's pages take, tables included.</summary>
    public long MetadataBytes => Machine.Domain.MetadataBytes;

    /// <summary>When the next scanner wakes, in nanoseconds of the machine's clock; null: no scanner has anything to do.</summary>
    public long? NextWake => Scanned.Min(p => p.Daemon.NextWake);

    /// <summary>How pages are hashed, in every partition that there is.</summary>
    internal PageHash Hash
    {
        set
        {
            foreach (var partition in All)
            {
                partition.Merger.Hash = value;
            }
        }
    }

    /// <summary>Scans to the end of classic KSM's pass, however many pages that are, and whether or not the scanner runs.</summary>
    /// <returns>Whether a pass ended; there is none without processes that may be merged.</returns>
    public bool Pass() => Machine.Pass();

    /// <summary>What classic KSM does to a process (/proc/PID/ksm_stat).</summary>
    public KsmStat StatOf(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        return StatOf(Machine, process);
    }

    /// <summary>What a partition does to a process.</summary>
    public KsmStat StatOf(MergePartition partition, Process process)
    {
        ArgumentNullException.ThrowIfNull(partition);
        ArgumentNullException.ThrowIfNull(process);
        var slot = partition.Domain.SlotOf(process);
        return new(
            slot?.Items ?? 0, partition.ZeroPagesOf(process), slot is null ? 0 : partition.Domain.MergingOf(slot), partition == Machine && _mergeAny.Contains(process),
            process.Memory.Mappings.Any(v => v.Merging == partition.Domain));
    }

    /// <summary>
    /// Merges a range of a process's private memory at once and charges the caller (MADV_MERGE; for another process,
    /// process_madvise(), which Linux 6.18 refuses): within the partition of each mapping, or else within <see cref="Requested"/>.
    /// </summary>
    /// <param name="by">The process that asks and is charged; null: the machine.</param>
    /// <param name="process">Whose memory.</param>
    /// <param name="address">Where the range begins: whole pages.</param>
    /// <param name="length">Bytes, rounded up to whole pages; more than 0.</param>
    /// <param name="flags">How.</param>
    /// <exception cref="ReflinkException">EINVAL, ESRCH, EPERM: nothing has changed. ENOMEM a part is not mapped: the mapped parts are merged. EIO.</exception>
    public MergeResult Merge(Process? by, Process process, long address, long length, MergeFlags flags = MergeFlags.None)
    {
        ArgumentNullException.ThrowIfNull(process);
        MergePermission.Check(by, process);
        using var _ = Charge(by);
        var range = AddressSpace.CheckedRange(address, length);
        var result = MergeRange(process, range, flags);
        process.Memory.RequireMapped(range);
        return result;
    }

    /// <summary>Gives the merged pages of a range pages of their own, whatever merged them, and takes the range out of its partitions.</summary>
    /// <exception cref="ReflinkException">As <see cref="Merge"/>; ENOMEM also when there is no memory for the pages.</exception>
    public void Unmerge(Process? by, Process process, long address, long length)
    {
        ArgumentNullException.ThrowIfNull(process);
        MergePermission.Check(by, process);
        using var _ = Charge(by);
        var range = AddressSpace.CheckedRange(address, length);
        UnmergeRange(process, range, _ => true);
        _partitions.DropUnused();
        process.Memory.RequireMapped(range);
    }

    /// <summary>Opens a partition (ksm_open()).</summary>
    /// <param name="name">Its name; "a/b" lies in "a".</param>
    /// <param name="flags">How it is opened, and whether and how it is made.</param>
    /// <param name="mode">If it is made: who may open it then, as permission bits for the owner and for others.</param>
    /// <param name="by">The process that opens it, whose user owns a new partition, and that is charged for the descriptor's calls; null: the machine, as root.</param>
    /// <exception cref="ReflinkException">EINVAL, ENAMETOOLONG, ENOENT, EEXIST, EACCES, ESRCH.</exception>
    public KsmDescriptor Open(string name, KsmOpenFlags flags, UnixFileMode mode = FileModes.Private, Process? by = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        using var _ = Charge(by);
        var user = by?.User;
        if ((flags & KsmOpenFlags.ReadWrite) == 0)
        {
            throw new ReflinkException(Errno.EINVAL, $"'{name}' is opened for nothing; say KsmOpenFlags.Read, Write or both");
        }

        var partition = _partitions.Find(name);
        if (partition is null)
        {
            if ((flags & KsmOpenFlags.Create) == 0)
            {
                throw PartitionTable.Missing(name);
            }

            partition = _partitions.Add(name, user ?? _root, mode, flags);
        }
        else if ((flags & KsmOpenFlags.Exclusive) != 0)
        {
            throw new ReflinkException(Errno.EEXIST, $"there is a partition '{name}' already");
        }
        else if (!MergePermission.MayOpen(partition, user, flags))
        {
            throw new ReflinkException(Errno.EACCES, $"{partition} is {partition.Owner.Name}'s, with mode {Convert.ToString((int)partition.Mode, 8)}: {user!.Name} may not open it so");
        }

        partition.Opens++;
        return new KsmDescriptor(this, partition, flags, by);
    }

    /// <summary>Tells why pages of a range do not merge, with one explanation for each run of pages that have the same.</summary>
    /// <exception cref="ReflinkException">EINVAL, ESRCH.</exception>
    public IReadOnlyList<MergeExplanation> Explain(Process process, long address, long length)
    {
        ArgumentNullException.ThrowIfNull(process);
        MergePermission.Check(null, process);
        var range = AddressSpace.CheckedRange(address, length);
        return new MergeExplainer(_cache, _space, _pins, new EqualPages(_cache, All), d => All.First(p => p.Domain == d)).Explain(process, range);
    }

    /// <summary>Pins the private pages of a range, as direct input and output does. Unlike really pinned pages they may still leave memory.</summary>
    /// <exception cref="ReflinkException">EINVAL, ESRCH.</exception>
    public PagePin Pin(Process process, long address, long length)
    {
        ArgumentNullException.ThrowIfNull(process);
        MergePermission.Check(null, process);
        var range = AddressSpace.CheckedRange(address, length);
        var blocks = new List<BlockNumber>();
        for (var page = range.Start; page < range.End; page += 1)
        {
            if (process.Memory.Find(page.Address) is { } vma && vma.IsFilled(vma.PageOf(page), out var block) && !block.IsZero)
            {
                blocks.Add(block);
            }
        }

        return new PagePin(_pins, blocks);
    }

    /// <summary>What merged pages tell one user about another, just now.</summary>
    public MergeExposure Exposure() => ExposureMeter.OfMerged(_processes, _space);

    /// <summary>What pages made by patching tell one user about another, just now, counted as merged ones are.</summary>
    public MergeExposure ExposureOfPatches() => ExposureMeter.OfDerived(_processes);

    /// <summary>Every partition with a scanner, the machine's own first.</summary>
    internal IEnumerable<MergePartition> Scanned => _partitions.All.Where(p => p.IsScanned).Prepend(Machine);

    /// <summary>All partitions, the machine's own two first.</summary>
    internal IEnumerable<MergePartition> All => _partitions.All.Prepend(Requested).Prepend(Machine);

    internal PartitionTable Table => _partitions;

    /// <summary>Wakes the scanner whose time is next.</summary>
    void IDaemon.Wake() => Scanned.MinBy(p => p.Daemon.NextWake ?? long.MaxValue)!.Daemon.Wake();

    internal MergeResult Join(Process? by, MergePartition partition, Process process, long address, long length, MergeFlags flags)
    {
        using var _ = Charge(by);
        var range = AddressSpace.CheckedRange(address, length);
        var vmas = process.Memory.Overlapping(range).Where(v => !v.IsShared).ToList();
        if (vmas.Find(v => v.Merging is { } other && other != partition.Domain && !IsMachineWide(other)) is { } taken)
        {
            throw new ReflinkException(
                Errno.EBUSY, $"the mapping at {taken.Start} of {process} is in partition '{((MergeDomain)taken.Merging!).Name}'; unmerge it there first");
        }

        foreach (var vma in process.Memory.Overlapping(range).Where(v => v.Merging != partition.Domain))
        {
            _unmerger.Separate(process, vma, vma.Range.Intersect(range));
        }

        UnmergeRange(process, range, IsMachineWide);
        Enrol(process, partition, range);
        var result = partition.IsScanned ? default : partition.OnRequest.Merge(process, range, flags);
        process.Memory.RequireMapped(range);
        return result;
    }

    internal void Withdraw(Process? by, MergePartition partition, Process process, long address, long length)
    {
        using var _ = Charge(by);
        var range = AddressSpace.CheckedRange(address, length);
        UnmergeRange(process, range, d => d == partition.Domain);
        process.Memory.RequireMapped(range);
    }

    internal void Close(MergePartition partition)
    {
        partition.Opens--;
        _partitions.DropUnused();
    }

    private void OnMergedFreed(BlockNumber first, long count)
    {
        Machine.Merger.OnMergedFreed(first, count);
        foreach (var partition in _partitions.All)
        {
            if (partition.IsScanned)
            {
                partition.Merger.OnMergedFreed(first, count);
            }
        }
    }

    private MeterScope Charge(Process? by) => by is null ? _meter.As(default) : by.EnterCall();

    private bool IsMachineWide(IMergeScope merging) => merging == Machine.Domain || merging == Requested.Domain;

    private MergeResult MergeRange(Process process, VirtualRange range, MergeFlags flags)
    {
        foreach (var vma in process.Memory.Overlapping(range))
        {
            if (vma.Merging is null)
            {
                Enrol(process, Requested, vma.Range.Intersect(range));
            }
        }

        var sum = default(MergeResult);
        foreach (var partition in All)
        {
            if (partition.Domain.SlotOf(process) is not null)
            {
                var one = partition.OnRequest.Merge(process, range, flags);
                sum = new(sum.Bytes + one.Bytes, sum.Merged + one.Merged, sum.Waiting + one.Waiting, sum.Pinned + one.Pinned);
            }
        }

        return sum;
    }

    // Enrols the mappings of a range that may be merged and are in no partition.
    private void Enrol(Process process, MergePartition partition, VirtualRange range)
    {
        foreach (var vma in process.Memory.Overlapping(range))
        {
            if (IsEligible(vma))
            {
                Enlist(process, partition);
                process.Memory.SetMerging(vma, vma.Range.Intersect(range), partition.Domain);
            }
        }
    }

    private void UnmergeRange(Process process, VirtualRange range, Predicate<MergeDomain> which)
    {
        foreach (var vma in process.Memory.Overlapping(range))
        {
            if (vma.Merging is MergeDomain domain && which(domain))
            {
                var part = vma.Range.Intersect(range);
                Action<Process, Vma, VirtualRange> unmerge = IsMachineWide(domain) ? _unmerger.Unmerge : _unmerger.Separate;
                unmerge(process, vma, part);
                process.Memory.SetMerging(vma, part, null);
            }
        }
    }

    // The pages of shared mappings belong to the file, and files are not merged (vma_ksm_compatible, mm/ksm.c).
    private static bool IsEligible(Vma vma) => !vma.IsShared && vma.Merging is null;

    private static void Enlist(Process process, MergePartition partition)
    {
        partition.Domain.Enter(process, partition.Daemon.Run == KsmRun.Unmerge ? null : partition.Domain.Cursor);
        partition.Daemon.Rouse();
    }
}
