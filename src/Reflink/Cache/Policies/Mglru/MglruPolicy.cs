using System.Numerics;
using System.Runtime.CompilerServices;
using Reflink.Cache.Policies.Linux;

namespace Reflink.Cache.Policies.Mglru;

/// <summary>
/// Linux's multi-generational LRU: pages belong to two to four generations, and those of the oldest leave. What is used through page tables is found
/// by walking them all when a generation begins; uses through file descriptors put a page into one of four tiers, which are protected if their
/// pages come back more often than those of the first.
/// <code>
///   generation   youngest          second youngest     …            oldest
///   comes in     faulted, of the   faulted; found used  read, of the  read ──► leaves, or moves on if it is protected
///                working set       by reclaim           working set
/// </code>
/// </summary>
/// <remarks>
/// Source: mm/vmscan.c, mm/workingset.c, mm/swap.c and include/linux/mm_inline.h of Linux 6.18 with CONFIG_LRU_GEN, for a group with a limit.
/// Deviations: a walk looks at all page tables, where the kernel leaves out those that its Bloom filters do not name, and reclaim does not look at
/// the entries around a used one, since a policy sees no addresses; dirty pages of files leave like clean ones, and are written as they leave; a new
/// folio comes to its list at once and not in batches; one processor; nodes above the leaves of a page tree are counted as if full.
/// </remarks>
public sealed class MglruPolicy : IReplacementPolicy, IChargingPolicy, IAgingPolicy, IPolicyCounters
{
    // As many milliseconds as an unsigned int holds (min_ttl_ms_store).
    private static readonly TimeSpan s_mostAge = TimeSpan.FromMilliseconds(uint.MaxValue);

    private readonly Generations _generations = new();
    private readonly TierController _controller = new();
    private readonly GenerationAging _aging;
    private readonly GenerationShadows _shadows;
    private readonly GenerationShrinker _shrinker;
    private readonly GenerationReclaim _reclaim;
    private readonly PageTree _tree = new(GenerationShadows.Longest);
    private readonly GroupCharge _charge;
    private readonly ReadPositions _positions = new();

    /// <summary>Makes a policy without pages.</summary>
    /// <param name="basePages">Pages that the group's processes and kernel objects take from the limit, the nodes of page trees not among them.</param>
    public MglruPolicy(int basePages = 8)
    {
        _aging = new GenerationAging(_generations, _controller);
        _shadows = new GenerationShadows(_generations, _controller, _tree);
        _shrinker = new GenerationShrinker(_generations, _controller, _aging, _shadows);
        _reclaim = new GenerationReclaim(_generations, _aging, _shadows, _shrinker);
        _charge = new GroupCharge(_tree, basePages);
    }

    /// <inheritdoc/>
    public string Name => "mglru";

    /// <inheritdoc/>
    public IReclaimHost Host
    {
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _aging.Host = value;
        }
    }

    /// <inheritdoc/>
    public int Swappiness
    {
        get => _reclaim.Swappiness;
        set => _reclaim.Swappiness = ReclaimCosts.RequireSwappiness(value);
    }

    /// <summary>
    /// How long a generation has to have been there before it is evicted rather than a process ended (/sys/kernel/mm/lru_gen/min_ttl_ms); zero: always. It matters where kswapd works
    /// (<see cref="MachineOptions.MinFree"/>) and processes may be ended (<see cref="OutOfMemory.Kill"/>).
    /// </summary>
    /// <exception cref="ReflinkException">EINVAL: a negative time.</exception>
    public TimeSpan MinimumAge
    {
        get => TimeSpan.FromTicks(_aging.LeastAge / TimeSpan.NanosecondsPerTick);
        set => _aging.LeastAge = value >= TimeSpan.Zero && value <= s_mostAge
            ? value.Ticks * TimeSpan.NanosecondsPerTick
            : throw new ReflinkException(Errno.EINVAL, $"pages would be kept for {value}; it is zero, or a time up to {s_mostAge}");
    }

    /// <inheritdoc/>
    public bool IsAllYoung => _reclaim.IsAllYoung;

    /// <inheritdoc/>
    public long Pages => _generations.Pages(FolioKind.Anonymous) + _generations.Pages(FolioKind.File);

    /// <inheritdoc/>
    public long Scanned => ScannedOf(FolioKind.Anonymous) + ScannedOf(FolioKind.File);

    /// <inheritdoc/>
    public IEnumerable<KernelCounter> Counters =>
    [
        .. CountersOf(FolioKind.Anonymous), .. CountersOf(FolioKind.File),
        .. ReclaimCounters.OfBoth(_tree, 0, _shrinker.Of(FolioKind.Anonymous), _shrinker.Of(FolioKind.File)),
    ];

    /// <inheritdoc/>
    public int Least => _charge.Least;

    /// <inheritdoc/>
    public int Shortfall(int incoming, in PageLabel first, FolioKind kind, int resident, int capacity) =>
        _charge.Shortfall(incoming, first, kind, resident, capacity);

    /// <inheritdoc/>
    public Admission Inserted(Folio folio, in PageLabel label, AccessKind access, GroupId group)
    {
        var frame = folio.First;
        _generations.Reach(frame);
        _aging.Begin(frame);
        ref var state = ref _generations[frame];
        state = new GenerationFolio
        {
            Key = PageKeys.Of(label), Order = (byte)BitOperations.Log2((uint)folio.Pages), Flags = folio.Kind == FolioKind.Anonymous ? GenerationFlags.Anonymous : GenerationFlags.None,
        };
        var isFault = access is AccessKind.Load or AccessKind.Store or AccessKind.Execute;
        var placement = isFault ? Placement.Used : Placement.Read;
        var (admission, wasHere) = _shadows.Refault(ref state, placement);
        _generations.Add(frame, !isFault && folio.Kind == FolioKind.Anonymous && !wasHere ? Placement.Anonymous : placement);
        if (access != AccessKind.None)
        {
            Touched(frame, access, group);
        }

        return admission;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Touched(FrameNumber frame, AccessKind access, GroupId group)
    {
        if (access >= AccessKind.Load)
        {
            _aging.Use(frame);
            return;
        }

        ref var folio = ref _generations[frame];
        if (access == AccessKind.Read && _positions.Move(folio.Key, folio.Order))
        {
            folio.Use();
        }
    }

    /// <inheritdoc/>
    public void UsedAgain(FrameNumber frame)
    {
        // The accessed bit is set already, and accesses are not counted.
    }

    /// <inheritdoc/>
    public void Unmapped(FrameNumber frame)
    {
        _aging.Unmap(frame);
        _generations[frame].Use();
    }

    /// <inheritdoc/>
    /// <remarks>An anonymous page that is not in swap comes to the second youngest generation, as in the kernel (lru_gen_clear_refs and lru_deactivate, mm/swap.c).</remarks>
    public void Deactivated(FrameNumber frame)
    {
        _ = _aging.TakeUsed(frame);
        ref var folio = ref _generations[frame];
        folio.ForgetUses();
        folio.Flags &= ~GenerationFlags.Workingset;
        if (!_generations.IsOldest(folio))
        {
            _generations.Remove(frame);
            _generations.Add(frame, _shrinker.PlacementOf(frame));
            _shrinker.Of(folio.Kind).Deactivated += folio.Pages;
        }
    }

    /// <inheritdoc/>
    public void PagedOut(FrameNumber frame)
    {
        _aging.Begin(frame);
        _shadows.Evict(_generations[frame]);
        _generations.Remove(frame);
    }

    /// <inheritdoc/>
    public void Removed(FrameNumber frame)
    {
        _aging.Begin(frame);
        _shadows.Forget(_generations[frame]);
        _generations.Remove(frame);
    }

    /// <inheritdoc/>
    public int Reclaim(int target, GroupId group, Span<FrameNumber> chosen) => _reclaim.Run(target, chosen);

    // Pages that moved on are counted by pgrefill (scan_folios, mm/vmscan.c).
    private long ScannedOf(FolioKind kind) => _shrinker.Of(kind).Scanned;

    private KernelCounter[] CountersOf(FolioKind kind)
    {
        var active = _generations.ActivePages(kind);
        return ReclaimCounters.Of(kind, _generations.Pages(kind) - active, active, _shadows.Of(kind), _shrinker.Of(kind));
    }
}
