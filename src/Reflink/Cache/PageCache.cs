using System.Runtime.CompilerServices;
using Reflink.Cache.Backings;

namespace Reflink.Cache;

/// <summary>
/// Which blocks are in memory. Frames are found by block, so that one frame serves every owner of the block, or
/// (<see cref="CacheKeying.Inode"/>) by the page of the inode that reads it. A miss is filled by the block's
/// <see cref="IBacking"/>; stale page-table entries find out by themselves that a frame was <see cref="Frame.Changed"/>.
/// <code>
///            Get, Add               Dirty.Mark
///   (free) ───────────────► clean ─────────────────► dirty
///      ▲                    │  ▲                       │
///      │   evict: dropped   │  └──── write back ───────┤  stored: to the volume's block
///      └────────────────────┴────── evict ─────────────┘  anonymous: to swap; derived frames are never dirty
/// </code>
/// </summary>
public sealed class PageCache : IDisposable
{
    private readonly FrameIndex _index;
    private readonly FramePool _pool;
    private readonly IBacking[] _backings = new IBacking[4];
    private SwapBacking? _swap;

    /// <summary>Makes the memory of a machine; its backings are to be registered.</summary>
    /// <param name="frames">Pages of memory, 16 at the least.</param>
    /// <param name="changes">The machine's count of changes.</param>
    /// <param name="key">By what frames of files are found.</param>
    /// <param name="nodes">How many NUMA nodes memory has.</param>
    /// <param name="meter">Counts what reclaim does.</param>
    /// <param name="clock">The machine's clock.</param>
    internal PageCache(int frames, ChangeCounter changes, FrameKey key, int nodes, Meter meter, IClock clock)
    {
        (Frames, HasPageKeys) = (new FrameTable(frames), key == FrameKey.Page);
        _index = new FrameIndex(Frames);
        _pool = new FramePool(Frames, nodes);
        Lists = new ReplacementLists(Frames, _backings, changes);
        Leases = new FrameLeases(Frames);
        Dirty = new Writeback(Frames, _pool, _backings);
        Contents = new ResidentFrames(Frames, _pool, _index, Lists, Dirty, changes);
        Reclaimer = new Reclaimer(this, _pool, Lists, _backings, meter);
        Kswapd = new Kswapd(_pool, Reclaimer, meter, clock);
        Allocator = new PageAllocator(this, _pool, Reclaimer, Kswapd, clock);
    }

    /// <summary>How many NUMA nodes memory has; its frames belong to them in turn.</summary>
    public int Nodes => _pool.Nodes;

    /// <summary>Pages of memory that the machine has.</summary>
    public int FrameCount => Frames.Count;

    /// <summary>Frames that hold a block.</summary>
    public int Resident => _index.Count;

    /// <summary>The most frames that ever held a block at once since <see cref="ResetPeak"/>.</summary>
    public int Peak => Contents.Peak;

    /// <summary>Frames that were evicted so far.</summary>
    public long Evictions => Reclaimer.Evictions;

    /// <summary>Frames whose bytes are not in the store, nor on their way there.</summary>
    public int DirtyFrames => Dirty.Count;

    /// <summary>Anonymous pages that are in swap, and how many may be.</summary>
    public (long Used, long Capacity) SwapPages => (_swap?.Used ?? 0, _swap?.Capacity ?? 0);

    /// <summary>Pages read from swap so far, and written to it (pswpin and pswpout of /proc/vmstat).</summary>
    internal (long In, long Out) SwapTraffic => (_swap?.PagesIn ?? 0, _swap?.PagesOut ?? 0);

    /// <summary>Frame numbers from here on have never been used.</summary>
    public int HighWater => _pool.HighWater;

    /// <summary>How few free pages wake kswapd, and how few make those who need memory reclaim it.</summary>
    public Watermarks Watermarks => Allocator.Marks;

    /// <summary>The account of kswapd, whose work takes no time of others.</summary>
    public AccountId KswapdAccount => Kswapd.Account;

    /// <summary>How often somebody who needed memory had to reclaim it (direct reclaim), and how long that took together, in nanoseconds of the machine's clock.</summary>
    public (long Count, long Nanoseconds) ReclaimStalls => (Allocator.Stalls, Allocator.StalledTime);

    /// <summary>Pages that reclaim looked at so far, by whomever, and those that left because memory was short.</summary>
    public (long Scanned, long Stolen) Reclaimed => Reclaimer.Reclaimed;

    /// <summary>Starts <see cref="Peak"/> anew.</summary>
    public void ResetPeak() => Contents.ResetPeak();

    /// <summary>Physical memory.</summary>
    internal FrameTable Frames { get; }

    /// <summary>Which block is in which frame.</summary>
    internal ResidentFrames Contents { get; }

    /// <summary>Which frames are dirty, and writing them.</summary>
    internal Writeback Dirty { get; }

    /// <summary>What leaves memory.</summary>
    internal Reclaimer Reclaimer { get; }

    /// <summary>Gives out free frames.</summary>
    internal PageAllocator Allocator { get; }

    /// <summary>The daemon that keeps some free.</summary>
    internal Kswapd Kswapd { get; }

    /// <summary>Which replacement policy has which frame.</summary>
    internal ReplacementLists Lists { get; }

    /// <summary>The frames that stay while an operation lasts.</summary>
    internal FrameLeases Leases { get; }

    /// <summary>Whether frames of files are found by inode and page.</summary>
    internal bool HasPageKeys { get; }

    /// <summary>Has a kind of block filled and saved by its backing.</summary>
    /// <param name="backing">The backing.</param>
    /// <param name="policy">Chooses which of its frames leave memory, the one that comes first before the others; null: none ever does.</param>
    internal void Register(IBacking backing, IReplacementPolicy? policy)
    {
        _backings[(int)backing.Kind] = backing;
        _swap ??= backing as SwapBacking;
        if (HasPageKeys && (backing.Traits & BackingTraits.PagesOfFiles) != 0)
        {
            _index.FindByPage(backing.Kind);
        }

        if (policy is not null)
        {
            Lists.Serve(backing.Kind, policy);
        }
    }

    /// <summary>The node that a frame belongs to.</summary>
    internal int NodeOf(FrameNumber frame) => _pool.Nodes == 1 ? 0 : frame.Value % _pool.Nodes;

    /// <summary>Finds the frame of a block, and tells the policy that it was used. Block 0 is the frame of zeroes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryGet(BlockNumber block, in PageUse use, out FrameNumber frame)
    {
        frame = Frames.Zero;
        if (block.IsZero)
        {
            return true;
        }

        var isResident = _index.TryFind(block, use.Label, out frame);
        if (isResident)
        {
            Lists.Touch(frame, use);
        }

        return isResident;
    }

    /// <summary>The frame of a block, read or made if it is not in memory. Valid until the next call that may need memory; lease it to keep it.</summary>
    /// <exception cref="ReflinkException">ENOMEM: nothing can be evicted; ENOSPC or EIO: only because the store takes nothing; EIO naming the page: the store's is missing or damaged.</exception>
    internal FrameNumber Get(BlockNumber block, in PageUse use, out CacheResult result)
    {
        result = CacheResult.Hit;
        return Frames.Generations.HandOut(TryGet(block, use, out var frame) ? frame : Load(block, use, out result));
    }

    /// <summary>The frame of a block all of whose bytes the caller writes: in memory with whatever bytes, or new.</summary>
    /// <exception cref="ReflinkException">ENOMEM, ENOSPC or EIO, as <see cref="Get"/> for want of memory.</exception>
    internal FrameNumber GetToOverwrite(BlockNumber block, in PageUse use) =>
        Frames.Generations.HandOut(TryGet(block, use, out var frame) ? frame : Add(block, use));

    /// <summary>Finds the frame of a block, for the page that would read it, without using it.</summary>
    internal bool TryPeek(BlockNumber block, in PageLabel label, out FrameNumber frame) => _index.TryFind(block, label, out frame);

    /// <summary>Gives a block that has no frame one whose bytes the caller fills; clean until marked.</summary>
    /// <exception cref="ReflinkException">ENOMEM, ENOSPC or EIO, as <see cref="Get"/> for want of memory.</exception>
    internal FrameNumber Add(BlockNumber block, in PageUse use)
    {
        var number = Allocator.Take(use.Node);
        Contents.Attach(number, block, use);
        Contents.Publish(number, use.Access);
        return Frames.Generations.HandOut(number);
    }

    /// <summary>Whether a block may be read before anybody asks for it: it has a page in the store, and was written.</summary>
    internal bool IsReadAhead(BlockNumber block) => !block.IsZero && (_backings[(int)block.Kind].Traits & BackingTraits.ReadAhead) != 0;

    /// <summary>Whether the frames of such a block are found by inode and page, so that there may be several.</summary>
    internal bool IsByPage(BlockNumber block) => _index.IsByPage(block);

    /// <summary>A block died: its frame is freed without being written, and its backing forgets it. Frames found by page went with the pages.</summary>
    internal void Drop(BlockNumber block)
    {
        if (!_index.IsByPage(block) && _index.TryFind(block, default, out var number))
        {
            Contents.Detach(number, Rule.Freed);
        }

        _backings[(int)block.Kind].Forget(block);
    }

    /// <inheritdoc/>
    void IDisposable.Dispose() => Frames.Dispose();

    private FrameNumber Load(BlockNumber block, in PageUse use, out CacheResult result)
    {
        var number = Add(block, use);
        var backing = _backings[(int)block.Kind];
        try
        {
            result = backing.Fill(block, Frames.Bytes(number), use.Label);
        }
        catch (ReflinkException)
        {
            Contents.Discard(number);
            throw;
        }

        Dirty.Filled(number);
        return number;
    }
}
