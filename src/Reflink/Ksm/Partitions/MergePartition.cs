using Reflink.Ksm.Controls;
using Reflink.Ksm.Scanning;
using Reflink.Ksm.Sets;
using Reflink.Vm;

namespace Reflink.Ksm.Partitions;

/// <summary>
/// A partition: mappings whose equal pages are merged with each other and with nobody else's ("Selective KSM", LKML March
/// 2025). The machine's own KSM is the one without a name. It lives while it is open or has members.
/// </summary>
public sealed class MergePartition
{
    internal MergePartition(
        MergeDomain domain, MergePartition? parent, User owner, UnixFileMode mode, PageMerger merger, RangeMerger onRequest, MergeScanner scanner, MergeDaemon daemon)
    {
        (Domain, Parent, Owner, Mode) = (domain, parent, owner, mode);
        (Merger, OnRequest, Scanner, Daemon) = (merger, onRequest, scanner, daemon);
    }

    /// <summary>The name, with those of the partitions that it lies in: "a/b"; empty for the machine's own.</summary>
    public string Name => Domain.Name;

    /// <summary>Whether a scanner visits its pages.</summary>
    public bool IsScanned => Domain.IsScanned;

    /// <summary>Whether its pages may be mapped to merged pages of the partition that it lies in.</summary>
    public bool Inherits => Domain.Inherited is not null;

    /// <summary>The partition that it lies in.</summary>
    public MergePartition? Parent { get; }

    /// <summary>The user who made it.</summary>
    public User Owner { get; }

    /// <summary>Who may open it: permission bits for the owner and for others.</summary>
    public UnixFileMode Mode { get; }

    /// <summary>The account that pays for its scanner.</summary>
    public AccountId Account => Scanner.Account;

    /// <summary>What can be set.</summary>
    public KsmTunables Tunables => Domain.Tunables;

    /// <summary>The counters. Without a scanner they are brought up to date first.</summary>
    public KsmCounters Counters
    {
        get
        {
            if (!IsScanned)
            {
                OnRequest.Sweep();
            }

            return Domain.Counters(ZeroPages());
        }
    }

    /// <summary>How many descriptors are open.</summary>
    public int Opens { get; internal set; }

    /// <summary>Whether it was removed; descriptors that were open then are refused (EBADF).</summary>
    public bool IsRemoved { get; internal set; }

    /// <summary>Whether it was made through a control file, so that it stays until it is removed through one.</summary>
    internal bool IsPermanent { get; set; }

    internal MergeDomain Domain { get; }

    /// <summary>Decides what becomes of one page, for the scanner and for requests.</summary>
    internal PageMerger Merger { get; }

    internal MergeScanner Scanner { get; }

    internal MergeDaemon Daemon { get; }

    internal RangeMerger OnRequest { get; }

    /// <summary>The processes that have mappings in it, in scan order.</summary>
    public IEnumerable<Process> Members
    {
        get
        {
            for (var slot = Domain.Slots.First; slot is not null; slot = slot.After)
            {
                if (!slot.IsGone && slot.Process.Memory.Mappings.Any(v => v.Merging == Domain))
                {
                    yield return slot.Process;
                }
            }
        }
    }

    /// <summary>Scans to the end of the pass, however many pages that are, and whether or not the scanner runs.</summary>
    /// <returns>Whether a pass ended; there is none without members.</returns>
    /// <exception cref="ReflinkException">EINVAL: this partition has no scanner.</exception>
    public bool Pass() => IsScanned
        ? Scanner.Pass()
        : throw new ReflinkException(Errno.EINVAL, $"partition '{Name}' is synchronous: it merges when it is asked");

    /// <inheritdoc/>
    public override string ToString() => $"partition '{Name}'";

    /// <summary>How many pages of a process are mapped to the zero page by merging.</summary>
    internal long ZeroPagesOf(Process process)
    {
        var pages = 0L;
        foreach (var vma in process.Memory.Mappings)
        {
            if (vma.Merging != Domain || vma.Private is not { } own)
            {
                continue;
            }

            // Only merging maps block 0 into a private inode.
            foreach (var extent in own.Map.Extents(vma.FileRange))
            {
                pages += extent.Block.IsZero ? extent.Length : 0;
            }
        }

        return pages;
    }

    private long ZeroPages() => Domain.MergedZeroes ? Members.Sum(ZeroPagesOf) : 0;
}
