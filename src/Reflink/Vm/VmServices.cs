using Reflink.Cache;
using Reflink.Files;
using Reflink.Files.Pages;

namespace Reflink.Vm;

/// <summary>What address spaces use of the strata below; one for a machine.</summary>
/// <param name="Cache">Physical memory.</param>
/// <param name="Pages">Pages of inodes.</param>
/// <param name="Metadata">Makes inodes, and gives them up.</param>
/// <param name="Ledger">Who owns which block.</param>
/// <param name="Data">Notes that a file changed through a mapping.</param>
/// <param name="Changes">The count of changes.</param>
/// <param name="Meter">Counts work, by account.</param>
internal sealed record VmServices(
    PageCache Cache, CopyOnWrite Pages, Metadata Metadata, Ledger Ledger, FileData Data, ChangeCounter Changes, Meter Meter)
{
    /// <summary>Whether loads from private anonymous memory that was never written show the page of zeroes, or allocate.</summary>
    public bool MapsZeroPage { get; init; } = true;

    /// <summary>What policies learn of loads and stores.</summary>
    public ReferenceTracking References { get; init; }

    /// <summary>How many pages a load that faults maps at once, as far as they are in memory: a power of two, 1 for the page alone.</summary>
    public int FaultAroundPages { get; set; } = 1;

    /// <summary>Reads around what faults miss; null: nothing is read but what is missing.</summary>
    public FileReadahead? ReadAround { get; init; }

    /// <summary>Reads pages around one that is in swap.</summary>
    public required ReadBatch SwapBatch { get; init; }

    /// <summary>Which frames are locked; made with the table of processes.</summary>
    public FrameLocks Locks { get; set; } = null!;

    /// <summary>Observers of new file mappings, in the order in which they are called.</summary>
    public List<IMappingObserver> Observers { get; } = [];

    /// <summary>Observers of fork, exec and exit, in the order in which they are called.</summary>
    public List<IProcessObserver> Lifecycle { get; } = [];

    /// <summary>Handlers of madvise() advice.</summary>
    public List<IAdviser> Advisers { get; } = [];
}
