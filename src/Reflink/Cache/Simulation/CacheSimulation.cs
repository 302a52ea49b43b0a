using Reflink.Cache.Policies;
using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache.Simulation;

/// <summary>
/// A page cache without bytes, for replaying traces: which pages are in memory under one policy, and what became of each access.
/// It holds as many pages as it was made for; a page that is missing first makes room, then comes in.
/// <code>
///   access ──► index ── there ──► Touched ──► hit
///                └──── missing ─► Reclaim until it fits ─► Inserted ─► miss, refault or activation
/// </code>
/// </summary>
/// <remarks>An access allocates nothing once memory was full for the first time.</remarks>
public abstract class CacheSimulation
{
    private protected CacheSimulation(int capacity) => Capacity = capacity is >= 1 and <= MaxCapacity
        ? capacity
        : throw new ReflinkException(Errno.EINVAL, $"a cache of {capacity} pages; it holds 1 to {MaxCapacity}");

    /// <summary>The most pages that a simulation can hold: 2 TiB of memory.</summary>
    public const int MaxCapacity = 1 << 29;

    /// <summary>Bytes that a simulation takes when it is made; its policy takes more as memory fills.</summary>
    /// <param name="capacity">How many pages it will hold.</param>
    public static long BytesFor(long capacity) => capacity * (KeyTable.BytesPerKey + sizeof(ulong));

    /// <summary>How many pages fit.</summary>
    public int Capacity { get; }

    /// <summary>How many are in memory.</summary>
    public int Resident { get; private protected set; }

    /// <summary>The policy that chooses, for counters of its own.</summary>
    public abstract IReplacementPolicy Policy { get; }

    /// <summary>
    /// Whether dirty pages of files are written by a daemon, when a policy that waits for it (<c>linux</c>) finds nothing else, and only leave then; as in the kernel. Otherwise, and for other policies,
    /// they leave like clean ones.
    /// </summary>
    public bool HasFlusher { get; set; } = true;

    /// <summary>
    /// The file whose pages are not a file's but private pages of a process, which go to swap (<see cref="FolioKind.Anonymous"/>); null: there are none, and no swap.
    /// Swap has room for all of them, and a page that comes back leaves it, as with a device that answers at once (SWP_SYNCHRONOUS_IO in do_swap_page, mm/memory.c).
    /// </summary>
    public int? Anonymous { get; set; }

    /// <summary>What happened since <see cref="ResetCounts"/>.</summary>
    public SimulationCounts Counts => Tally;

    private protected SimulationCounts Tally;

    /// <summary>Starts <see cref="Counts"/> anew; what is in memory stays (warm-up).</summary>
    public void ResetCounts() => Tally = default;

    /// <summary>Replays one access.</summary>
    public abstract AccessOutcome Access(in PageAccess access);

    /// <summary>Replays accesses in order; quicker than one by one, since what the next ones need is fetched ahead.</summary>
    public abstract void Run(ReadOnlySpan<PageAccess> accesses);

    /// <summary>Whether a page is in memory; the policy does not hear of it.</summary>
    public abstract bool Contains(PageKey page);

    /// <summary>Brings pages in before anybody asked for them, as one folio. None of them may be in memory.</summary>
    /// <param name="first">The first page.</param>
    /// <param name="pages">How many, at most <see cref="Capacity"/>.</param>
    /// <param name="group">The group that is charged.</param>
    /// <returns>What the policy knew of the pages.</returns>
    public abstract Admission ReadAhead(PageKey first, int pages, GroupId group);

    /// <summary>A page left its file: it leaves memory without being written, if it is there, with the folio that it is in.</summary>
    public abstract void Remove(PageKey page);

    /// <summary>Makes a simulation of a policy; for a struct it is compiled anew.</summary>
    /// <typeparam name="TPolicy">The policy.</typeparam>
    /// <param name="policy">An empty one.</param>
    /// <param name="capacity">How many pages fit.</param>
    /// <exception cref="ReflinkException">EINVAL: the capacity is not 1 to <see cref="MaxCapacity"/>, or too small for the policy (<see cref="IChargingPolicy.Least"/>).</exception>
    public static CacheSimulation Of<TPolicy>(TPolicy policy, int capacity)
        where TPolicy : IReplacementPolicy => new PolicySimulation<TPolicy>(policy, capacity);
}
