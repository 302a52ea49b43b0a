using Reflink.Cache;
using Reflink.Files.Pages;
using Reflink.Ksm.Scanning;
using Reflink.Ksm.Sets;
using Reflink.Space;
using Reflink.Vm;

namespace Reflink.Ksm.Partitions;

/// <summary>Makes partitions: a domain each, and what works on it.</summary>
internal sealed class PartitionMaker(
    PageCache cache, Ledger ledger, BlockSpace space, ChangeCounter changes, Meter meter, IClock clock, Func<AccountId, long> timeOf)
{
    /// <summary>The pinned pages of the machine.</summary>
    public PinnedPages Pins { get; } = new();

    /// <summary>Unmerges pages of any partition.</summary>
    public Unmerger Unmerger { get; } = new(space, changes);

    /// <summary>Makes a partition without members: synchronous or scanned, and inheriting from its parent or not, as the flags say.</summary>
    public MergePartition Make(string name, MergePartition? parent, User owner, UnixFileMode mode, KsmOpenFlags flags)
    {
        var isScanned = (flags & KsmOpenFlags.Synchronous) == 0;
        var domain = new MergeDomain(name, space, clock, isScanned, (flags & KsmOpenFlags.Inherit) == 0 ? null : parent!.Domain);
        var merger = new PageMerger(cache, ledger, changes, clock, meter, Pins, domain);
        var scanner = new MergeScanner(cache, meter, clock, merger, domain, meter.Open(), timeOf);
        return new(
            domain, parent, owner, mode, merger, new RangeMerger(cache, space, meter, Pins, merger, domain), scanner,
            new MergeDaemon(clock, Unmerger, domain, scanner));
    }
}
