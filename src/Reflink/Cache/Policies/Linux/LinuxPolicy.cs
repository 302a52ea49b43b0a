using System.Numerics;
using System.Runtime.CompilerServices;

namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// Linux's lists, two of files' pages and two of anonymous ones: pages come in on the inactive list, a second use makes them active, what leaves the active list has one more chance, and a page
/// that comes back sooner than the active list is long begins there.
/// </summary>
/// <remarks>
/// Source: mm/swap.c, mm/vmscan.c, mm/workingset.c, mm/memcontrol.c of Linux 6.18, without CONFIG_LRU_GEN, for a group with a limit.
/// Deviations: one processor; every open file of an inode is the same one; nodes above the leaves of a page tree are counted as if full.
/// </remarks>
public sealed class LinuxPolicy : IReplacementPolicy, IChargingPolicy, IAgingPolicy, IPolicyCounters
{
    private readonly LruLists _lists = new();
    private readonly FolioBatches _batches;
    private readonly Workingset _workingset;
    private readonly PageTree _tree;
    private readonly ListShrinker _shrinker;
    private readonly ReclaimCall _reclaim;
    private readonly GroupCharge _charge;
    private readonly LinuxOptions _options;
    private readonly StatisticsUpdates _updates;

    private readonly ReadPositions _positions = new();
    private int _untilFlush;

    // Pages that were written because reclaim wanted them.
    private long _rotated;

    /// <summary>Makes a policy for a given number of pages of memory.</summary>
    public LinuxPolicy(int pages, LinuxOptions? options = null)
    {
        _options = options ?? new LinuxOptions();
        _tree = new PageTree(pages);
        _charge = new GroupCharge(_tree, _options.BasePages);
        _updates = new StatisticsUpdates(_options.StatisticsProcessors);
        _batches = new FolioBatches(_lists, _updates);
        var costs = new ReclaimCosts();
        _workingset = new Workingset(_lists, _tree, new PageTree(pages), costs);
        _shrinker = new ListShrinker(_lists, _batches, _workingset, costs);
        _reclaim = new ReclaimCall(_lists, _batches, _workingset, costs, _shrinker) { Swappiness = _options.Swappiness };
        _untilFlush = _options.FlushInterval;
    }

    /// <inheritdoc/>
    public string Name => "linux";

    /// <inheritdoc/>
    public IReclaimHost Host
    {
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _shrinker.References.Host = value;
        }
    }

    /// <inheritdoc/>
    public int Swappiness
    {
        get => _reclaim.Swappiness;
        set => _reclaim.Swappiness = ReclaimCosts.RequireSwappiness(value);
    }

    /// <inheritdoc/>
    public long Pages => _lists.Total + _batches.Waiting;

    /// <inheritdoc/>
    public long Scanned => _shrinker.Of(FolioKind.Anonymous).Scanned + _shrinker.Of(FolioKind.File).Scanned;

    /// <inheritdoc/>
    public IEnumerable<KernelCounter> Counters =>
    [
        .. CountersOf(FolioKind.Anonymous), .. CountersOf(FolioKind.File),
        .. ReclaimCounters.OfBoth(_tree, _batches.Activated, _shrinker.Of(FolioKind.Anonymous), _shrinker.Of(FolioKind.File)),
        new("pgrotated", _rotated),
    ];

    /// <summary>The trees of pages, for readahead.</summary>
    internal PageTree Tree => _tree;

    /// <inheritdoc/>
    public Admission Inserted(Folio folio, in PageLabel label, AccessKind access, GroupId group)
    {
        var frame = folio.First.Value;
        _lists.Reach(frame);
        ref var state = ref _lists[frame];
        (state.Key, state.Order, state.Flags) = (PageKeys.Of(label), (byte)BitOperations.Log2((uint)folio.Pages), folio.Kind == FolioKind.Anonymous ? FolioFlags.Anonymous : FolioFlags.None);
        var admission = access == AccessKind.Write ? _workingset.Overwrite(state)
            : _updates.NeedFlush ? _workingset.Refault(ref state)
            : Count(ref state, access);
        _batches.Add(frame);
        if (access < AccessKind.Load)
        {
            Access(frame, access);
        }
        else if (access != AccessKind.None)
        {
            Reference(frame, access);
        }

        return admission;
    }

    /// <inheritdoc/>
    public void Touched(FrameNumber frame, AccessKind access, GroupId group)
    {
        if (access < AccessKind.Load)
        {
            Access(frame.Value, access);
        }
        else
        {
            Reference(frame.Value, access);
        }
    }

    /// <inheritdoc/>
    public void UsedAgain(FrameNumber frame) => Pass();

    /// <inheritdoc/>
    public void Unmapped(FrameNumber frame)
    {
        ref var folio = ref _lists[frame.Value];
        folio.Flags &= folio.Has(FolioFlags.YoungTwice) ? ~FolioFlags.YoungTwice : ~(FolioFlags.Young | FolioFlags.Executed);
        Mark(frame.Value, ref folio);
    }

    /// <inheritdoc/>
    public void Deactivated(FrameNumber frame)
    {
        _batches.Drain();
        ref var folio = ref _lists[frame.Value];
        _ = _shrinker.References.Take(frame.Value, ref folio);
        folio.Flags &= ~FolioFlags.Referenced;
        if (folio.Has(FolioFlags.Active))
        {
            _lists.Remove(frame.Value);
            folio.Flags = (folio.Flags & ~FolioFlags.Active) | FolioFlags.Workingset;
            _lists.Add(frame.Value);
            _shrinker.Of(folio.Kind).Deactivated += folio.Pages;
        }
    }

    /// <inheritdoc/>
    public void Rotated(FrameNumber frame)
    {
        _batches.Drain();
        ref var folio = ref _lists[frame.Value];
        _lists.Remove(frame.Value);
        folio.Flags &= ~FolioFlags.Active;
        _lists.AddOldest(frame.Value);
        _rotated += folio.Pages;
    }

    /// <inheritdoc/>
    public void PagedOut(FrameNumber frame)
    {
        _batches.Drain();
        _workingset.Evict(_lists[frame.Value]);
        _lists.Remove(frame.Value);
    }

    /// <inheritdoc/>
    public void Removed(FrameNumber frame)
    {
        _batches.Drain();
        _workingset.Forget(_lists[frame.Value]);
        _lists.Remove(frame.Value);
    }

    /// <inheritdoc/>
    public int Reclaim(int target, GroupId group, Span<FrameNumber> chosen)
    {
        _updates.Reclaim();
        return _reclaim.Run(target, chosen);
    }

    /// <inheritdoc/>
    public int Least => _charge.Least;

    /// <inheritdoc/>
    public int Shortfall(int incoming, in PageLabel first, FolioKind kind, int resident, int capacity) =>
        _charge.Shortfall(incoming, first, kind, resident, capacity);

    private Admission Count(ref FolioState folio, AccessKind access)
    {
        var nodes = _tree.ChargedPages;
        var admission = _workingset.Refault(ref folio);
        _updates.ChargeNodes(_tree.ChargedPages - nodes);
        _updates.Enter(folio.Kind, access, admission);
        if (admission == Admission.Activated && folio.Has(FolioFlags.Workingset))
        {
            _updates.Restore();
        }

        return admission;
    }

    private KernelCounter[] CountersOf(FolioKind kind) => ReclaimCounters.Of(
        kind, _lists.Pages(LruLists.Inactive(kind)), _lists.Pages(LruLists.Active(kind)), _workingset.Of(kind), _shrinker.Of(kind));

    // A read marks the folio; a write marks nothing (iomap_get_folio, fs/iomap/buffered-io.c, has no FGP_ACCESSED).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Access(int frame, AccessKind access)
    {
        ref var folio = ref _lists[frame];
        if (access == AccessKind.Read && _positions.Move(folio.Key, folio.Order))
        {
            Mark(frame, ref folio);
        }

        Pass();
    }

    // A mapped use is noticed when the page is scanned.
    private void Reference(int frame, AccessKind access)
    {
        ref var folio = ref _lists[frame];
        folio.Flags |= (folio.Has(FolioFlags.Young) ? FolioFlags.YoungTwice : FolioFlags.Young)
            | (access == AccessKind.Execute ? FolioFlags.Executed : FolioFlags.None);
        Pass();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Pass()
    {
        if (--_untilFlush == 0)
        {
            _untilFlush = _options.FlushInterval;
            if (_updates.NeedFlush)
            {
                _workingset.Flush();
                _updates.Flush();
            }
        }
    }

    // folio_mark_accessed, mm/swap.c.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Mark(int frame, ref FolioState folio)
    {
        if (!folio.Has(FolioFlags.Referenced))
        {
            folio.Flags |= FolioFlags.Referenced;
        }
        else if (!folio.Has(FolioFlags.Active))
        {
            Activate(frame, ref folio);
        }
    }

    private void Activate(int frame, ref FolioState folio)
    {
        folio.Flags &= ~FolioFlags.Referenced;
        _workingset.Activate(folio.Pages);
        if (folio.Has(FolioFlags.Listed))
        {
            _batches.Activate(frame);
        }
        else
        {
            folio.Flags |= FolioFlags.Active;
        }
    }
}
