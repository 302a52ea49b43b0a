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
    private const int Files = 64;

    private readonly LruLists _lists = new();
    private readonly FolioBatches _batches;
    private readonly Workingset _workingset;
    private readonly PageTree _tree;
    private readonly ListShrinker _shrinker;
    private readonly ReclaimCall _reclaim;
    private readonly MemoryCharge _charge = new();
    private readonly LinuxOptions _options;
    private readonly StatisticsUpdates _updates;

    // Where the last read of an open file ended, by inode.
    private readonly ulong[] _previous = new ulong[Files];
    private int _untilFlush;

    // The folio that comes in is charged, its node is not.
    private bool _isFolioCharged;

    /// <summary>Makes a policy for a given number of pages of memory.</summary>
    public LinuxPolicy(int pages, LinuxOptions? options = null)
    {
        _options = options ?? new LinuxOptions();
        _tree = new PageTree(pages);
        _updates = new StatisticsUpdates(_options.StatisticsProcessors);
        _batches = new FolioBatches(_lists, _updates);
        var costs = new ReclaimCosts();
        _workingset = new Workingset(_lists, _tree, new PageTree(pages), costs);
        _shrinker = new ListShrinker(_lists, _batches, _workingset, costs);
        _reclaim = new ReclaimCall(_lists, _batches, _workingset, costs, _shrinker) { Swappiness = _options.Swappiness };
        _untilFlush = _options.FlushInterval;
        _previous.AsSpan().Fill(ulong.MaxValue);
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
        set => _reclaim.Swappiness = value is >= 0 and <= ReclaimCosts.MaxSwappiness
            ? value
            : throw new ReflinkException(Errno.EINVAL, $"a swappiness of {value}; it is 0 (anonymous pages stay) to {ReclaimCosts.MaxSwappiness}");
    }

    /// <inheritdoc/>
    public long Pages => _lists.Total + _batches.Waiting;

    /// <inheritdoc/>
    public long Scanned => _shrinker.Of(FolioKind.Anonymous).Scanned + _shrinker.Of(FolioKind.File).Scanned;

    /// <inheritdoc/>
    public IEnumerable<KernelCounter> Counters =>
    [
        .. CountersOf(FolioKind.Anonymous, "anon"), .. CountersOf(FolioKind.File, "file"),
        new("workingset_nodes", _tree.ShadowNodes), new("workingset_nodereclaim", _tree.Reclaimed),
        new("pgactivate", _batches.Activated + OfBoth(c => c.Activated)), new("pgdeactivate", OfBoth(c => c.Deactivated)),
        new("pgrefill", OfBoth(c => c.Refilled)),
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
        var admission = _updates.NeedFlush ? _workingset.Refault(ref state) : Count(ref state, access);
        _batches.Add(frame);
        if (access < AccessKind.Load)
        {
            Access(frame);
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
            Access(frame.Value);
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
    /// <remarks>A node of a page tree and two pages beside what the group's processes take: with less, Linux would end them (out of memory).</remarks>
    public int Least => _options.BasePages + 3;

    /// <inheritdoc/>
    /// <remarks>A group that has no page left would be out of memory; here it may have one folio.</remarks>
    public int Shortfall(int incoming, in PageLabel first, FolioKind kind, int resident, int capacity)
    {
        if (resident == 0)
        {
            return 0;
        }

        var used = resident + _tree.ChargedPages + _options.BasePages;
        if (!_isFolioCharged && _charge.Take(incoming, used, capacity) is var folio and > 0)
        {
            return (int)folio;
        }

        // The node of the page tree is charged when the folio is, and before the folio comes to a list (__filemap_add_folio).
        _isFolioCharged = true;
        if (kind == FolioKind.File && _tree.ChargeFor(PageKeys.Of(first)) is var nodes and > 0 && _charge.Take((int)nodes, used + incoming, capacity) is var node and > 0)
        {
            return (int)node;
        }

        _isFolioCharged = false;
        return 0;
    }

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

    private KernelCounter[] CountersOf(FolioKind kind, string suffix)
    {
        var counts = _workingset.Of(kind);
        return
        [
            new($"nr_inactive_{suffix}", _lists.Pages(LruLists.Inactive(kind))), new($"nr_active_{suffix}", _lists.Pages(LruLists.Active(kind))),
            new($"workingset_refault_{suffix}", counts.Refaults), new($"workingset_activate_{suffix}", counts.Activations),
            new($"workingset_restore_{suffix}", counts.Restores), new($"pgscan_{suffix}", _shrinker.Of(kind).Scanned),
        ];
    }

    private long OfBoth(Func<ScanCounts, long> count) => count(_shrinker.Of(FolioKind.Anonymous)) + count(_shrinker.Of(FolioKind.File));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Access(int frame)
    {
        ref var folio = ref _lists[frame];
        ref var previous = ref _previous[PageKeys.Inode(folio.Key) & (Files - 1)];
        if (previous >> folio.Order != folio.Key >> folio.Order)
        {
            previous = folio.Key;
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
