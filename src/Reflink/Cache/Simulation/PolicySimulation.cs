using System.Runtime.CompilerServices;
using Reflink.Cache.Policies;
using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache.Simulation;

// Slots are the frames of a machine without bytes: numbered from 0, those given back first. Per page: 24 bytes of the index,
// 8 of key, one bit; and what the policy keeps.
internal sealed class PolicySimulation<TPolicy> : CacheSimulation, IReclaimHost
    where TPolicy : IReplacementPolicy
{
    // So many accesses lie between fetching a page's place in the index and looking there.
    private const int Ahead = 12;
    private const int Batch = 128;
    private const int MostChosen = 1 << 14;

    private readonly KeyTable _index;
    private readonly ulong[] _keys;
    private readonly FrameBits _dirty = new();

    // Dirty ones that reclaim wanted, and those that are written just now.
    private readonly FrameBits _wanted = new();
    private readonly List<FrameNumber> _written = [];
    private readonly IChargingPolicy? _charging;

    // Of a policy that looks at accessed bits: those of the one page-table entry that a page has here. Other policies are told of each access.
    private readonly IAgingPolicy? _aging;
    private readonly FrameBits _accessed = new();

    // A policy that charges may evict far more than it is asked for when memory is very short, and is to be the same for it.
    private readonly FrameNumber[] _chosen;

    // Not read-only: a policy may be a struct that changes.
    private TPolicy _policy;

    // Sizes of folios, once there was one of several pages.
    private int[]? _sizes;

    // Slots that were given back are a chain through the keys.
    private int _free = -1;
    private int _used;
    private bool _hasDirty;

    public PolicySimulation(TPolicy policy, int capacity)
        : base(capacity)
    {
        (_policy, _charging, _aging) = (policy, policy as IChargingPolicy, policy as IAgingPolicy);
        if (_charging is not null && capacity < _charging.Least)
        {
            throw new ReflinkException(
                Errno.EINVAL, $"memory of {capacity} pages under '{policy.Name}', which takes some of them for itself; it wants {_charging.Least} pages ({_charging.Least << (Page.Shift - 10)} KiB) at the least");
        }

        _chosen = new FrameNumber[_charging is null ? Batch : Math.Clamp(capacity, Batch, MostChosen)];
        _index = new KeyTable(capacity, reserve: true);
        _keys = GC.AllocateUninitializedArray<ulong>(capacity);
        _dirty.Reach(new FrameNumber(capacity - 1));
        _wanted.Reach(new FrameNumber(capacity - 1));
        if (_aging is not null)
        {
            _aging.Host = this;
            _accessed.Reach(new FrameNumber(capacity - 1));
        }
    }

    public override IReplacementPolicy Policy => _policy;

    public override bool Contains(PageKey page) => _index.TryFind(page.Value, out _);

    public override AccessOutcome Access(in PageAccess access)
    {
        if (_index.TryFind(access.Page.Value, out var slot))
        {
            Tally.Hits++;
            Touch(slot, access);
            return AccessOutcome.Hit;
        }

        return Miss(access);
    }

    public override void Run(ReadOnlySpan<PageAccess> accesses)
    {
        var hits = 0L;
        for (var n = 0; n < accesses.Length; n++)
        {
            if (n + Ahead < accesses.Length)
            {
                _index.Prefetch(accesses[n + Ahead].Page.Value);
            }

            ref readonly var access = ref accesses[n];
            if (_index.TryFind(access.Page.Value, out var slot))
            {
                hits++;
                Touch(slot, access);
            }
            else
            {
                Miss(access);
            }
        }

        Tally.Hits += hits;
    }

    public override Admission ReadAhead(PageKey first, int pages, GroupId group)
    {
        Tally.ReadAhead += pages;
        return Insert(first, pages, AccessKind.None, group, out _);
    }

    public override void Remove(PageKey page)
    {
        if (_index.TryFind(page.Value, out var slot))
        {
            _policy.Removed(new FrameNumber(slot));
            _ = _dirty.Take(new FrameNumber(slot));
            _ = _wanted.Take(new FrameNumber(slot));
            Release(slot);
        }
    }

    public bool HasSwap => Anonymous is not null;

    public bool IsDirty(FrameNumber frame) => KindOf(new PageKey(_keys[frame.Value])) == FolioKind.Anonymous || _dirty[frame];

    /// <inheritdoc/>
    public bool Postpones(FrameNumber frame)
    {
        if (HasFlusher && _hasDirty && _dirty[frame])
        {
            _wanted.Set(frame);
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    /// <remarks>All is written at once, page by page of each file: the disk takes no time here.</remarks>
    public void WriteDirty()
    {
        for (var frame = default(FrameNumber); HasFlusher && _dirty.TryFind(ref frame); frame = new FrameNumber(frame.Value + 1))
        {
            _written.Add(frame);
        }

        _written.Sort((a, b) => _keys[a.Value].CompareTo(_keys[b.Value]));
        foreach (var frame in _written)
        {
            _ = _dirty.Take(frame);
            Tally.Writebacks += _sizes is null ? 1 : _sizes[frame.Value];
            if (_wanted.Take(frame))
            {
                _aging!.Rotated(frame);
            }
        }

        _written.Clear();
    }

    public void ClearAccessed(FrameNumber frame) => _accessed.Take(frame);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Touch(int slot, in PageAccess access)
    {
        if (access.Kind < AccessKind.Load || _aging is null)
        {
            _policy.Touched(new FrameNumber(slot), access.Kind, access.Group);
        }
        else
        {
            TouchMapped(slot, access);
        }

        MarkIfWritten(slot, access.Kind);
    }

    private void TouchMapped(int slot, in PageAccess access)
    {
        var frame = new FrameNumber(slot);
        if (_accessed[frame])
        {
            _aging!.UsedAgain(frame);
            return;
        }

        _accessed.Set(frame);
        _policy.Touched(frame, access.Kind, access.Group);
    }

    private FolioKind KindOf(PageKey page) => Anonymous is { } anonymous && page.Label.Inode.Value == anonymous ? FolioKind.Anonymous : FolioKind.File;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private AccessOutcome Miss(in PageAccess access)
    {
        var admission = Insert(access.Page, 1, access.Kind, access.Group, out var slot);
        MarkIfWritten(slot, access.Kind);
        switch (admission)
        {
            case Admission.New:
                Tally.NewMisses++;
                return AccessOutcome.Miss;
            case Admission.Refault:
                Tally.Refaults++;
                return AccessOutcome.Refault;
            default:
                Tally.Activations++;
                return AccessOutcome.Activation;
        }
    }

    private Admission Insert(PageKey first, int pages, AccessKind kind, GroupId group, out int slot)
    {
        Invariant.Check(pages >= 1 && pages <= Capacity);
        MakeRoom(first, pages, group);
        slot = TakeSlot();
        _keys[slot] = first.Value;
        for (var n = 0; n < pages; n++)
        {
            _index.Add(unchecked(first.Value + (ulong)n), slot);
        }

        if (pages > 1 || _sizes is not null)
        {
            (_sizes ??= Ones())[slot] = pages;
        }

        if (_aging is not null && kind is not (AccessKind.Read or AccessKind.Write or AccessKind.None))
        {
            _accessed.Set(new FrameNumber(slot));
        }

        Resident += pages;
        return _policy.Inserted(new Folio(new FrameNumber(slot), pages, KindOf(first)), first.Label, kind, group);
    }

    private void MakeRoom(PageKey first, int pages, GroupId group)
    {
        for (int want; (want = Shortfall(first, pages)) > 0;)
        {
            var count = _policy.Reclaim(Math.Min(want, Batch), group, _chosen);
            Invariant.Check(count > 0);
            for (var n = 0; n < count; n++)
            {
                Evict(_chosen[n].Value);
            }
        }
    }

    private int Shortfall(PageKey first, int pages) => _charging is null ? Resident + pages - Capacity : _charging.Shortfall(pages, first.Label, KindOf(first), Resident, Capacity);

    private void Evict(int slot)
    {
        var pages = Release(slot);
        Tally.Evictions += pages;
        if (_hasDirty && _dirty.Take(new FrameNumber(slot)))
        {
            Tally.Writebacks += pages;
        }
    }

    private int Release(int slot)
    {
        var pages = _sizes is null ? 1 : _sizes[slot];
        for (var n = 0; n < pages; n++)
        {
            Invariant.Check(_index.Remove(unchecked(_keys[slot] + (ulong)n), out _));
        }

        if (_aging is not null)
        {
            _ = _accessed.Take(new FrameNumber(slot));
        }

        (_keys[slot], _free) = (unchecked((uint)_free), slot);
        Resident -= pages;
        return pages;
    }

    private int TakeSlot()
    {
        if (_free < 0)
        {
            return _used++;
        }

        var slot = _free;
        _free = unchecked((int)(uint)_keys[slot]);
        return slot;
    }

    private int[] Ones()
    {
        var sizes = GC.AllocateUninitializedArray<int>(Capacity);
        sizes.AsSpan().Fill(1);
        return sizes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MarkIfWritten(int slot, AccessKind kind)
    {
        if (kind is AccessKind.Write or AccessKind.Store)
        {
            _hasDirty = true;
            _dirty.Set(new FrameNumber(slot));
        }
    }
}
