using System.Runtime.CompilerServices;
using Reflink.Cache.Backings;
using Reflink.Store.Devices;

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
///      └────────────────────┴────── evict ─────────────┘  anonymous: to swap, or lost if given up; derived frames are never dirty
/// </code>
/// </summary>
public sealed class PageCache : IDisposable
{
    private readonly FrameIndex _index;
    private readonly FramePool _pool;
    private readonly IBacking[] _backings = new IBacking[4];

    /// <summary>Makes the memory of a machine; its backings are to be registered.</summary>
    /// <param name="frames">Pages of memory, 16 at the least.</param>
    /// <param name="changes">The machine's count of changes.</param>
    /// <param name="key">By what frames of files are found.</param>
    /// <param name="nodes">How many NUMA nodes memory has.</param>
    /// <param name="meter">Counts what reclaim does.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="device">The disk.</param>
    internal PageCache(int frames, ChangeCounter changes, FrameKey key, int nodes, Meter meter, IClock clock, Device device)
    {
        (Frames, HasPageKeys) = (new FrameTable(frames), key == FrameKey.Page);
        (_index, _pool) = (new FrameIndex(Frames), new FramePool(Frames, nodes));
        Lists = new ReplacementLists(Frames, _backings, changes, clock);
        Leases = new FrameLeases(Frames);
        Dirty = new Writeback(Frames, _backings, Lists, device, meter);
        Dirty.Rotated = Lists.Rotated;
        Contents = new ResidentFrames(Frames, _pool, _index, Lists, Dirty, changes, meter);
        Reclaimer = new Reclaimer(this, _pool, Lists, _backings, meter);
        Allocator = new PageAllocator(this, _pool, Reclaimer, new Kswapd(_pool, Reclaimer, meter, clock), clock, meter);
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
    public int DirtyFrames => Dirty.Frames.Count;

    /// <summary>Anonymous pages that are in swap, and how many may be.</summary>
    public (long Used, long Capacity) SwapPages => (Swap?.Used ?? 0, Swap?.Capacity ?? 0);

    /// <summary>Where anonymous pages go; null until it is registered.</summary>
    internal SwapBacking? Swap { get; private set; }

    /// <summary>Frame numbers from here on have never been used.</summary>
    public int HighWater => _pool.HighWater;

    /// <summary>What reclaiming memory took so far.</summary>
    public ReclaimCounts Reclaimed => Reclaimer.Reclaimed with { Stalls = Allocator.Stalls, StalledNanoseconds = Allocator.StalledTime };

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
        Swap ??= backing as SwapBacking;
        if (HasPageKeys && (backing.Traits & BackingTraits.PagesOfFiles) != 0)
        {
            _index.FindByPage(backing.Kind);
        }

        if (policy is not null)
        {
            Lists.Serve(backing.Kind, policy);
        }
    }

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

        Dirty.Filled(number, isCopied: result == CacheResult.Read, use.Access);
        return number;
    }
}
