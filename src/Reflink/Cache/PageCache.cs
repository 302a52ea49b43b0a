using System.Runtime.CompilerServices;
using Reflink.Cache.Reclaim;
using Reflink.Cache.Replacement;
using Reflink.Store;
using Reflink.Units;

namespace Reflink.Cache;

/// <summary>
/// Which blocks are in memory, and what happens when memory runs out. Frames are found by block, so one frame serves every
/// owner of the block, or (<see cref="CacheKeying.Inode"/>) by the page of the inode that reads it. The cache never calls up:
/// whoever misses fills the frame, and stale page-table entries find out by themselves that a frame was
/// <see cref="Frame.Changed"/>.
/// <code>
///             Add + fill                 MarkDirty
///   (free) ───────────────► clean ─────────────────► dirty
///      ▲                    │  ▲                       │
///      │   evict: dropped   │  └──── write back ───────┤  stored: to the volume's block
///      └────────────────────┴────── evict ─────────────┘  anonymous: to swap; derived frames are never dirty
/// </code>
/// </summary>
public sealed partial class PageCache : IDisposable
{
    private readonly IPageStore _store;
    private readonly ChangeCounter _changes;
    private readonly Meter _meter;
    private readonly IReplacementPolicy _policy;

    // Of derived frames, where reclaim knows that they need no reading; they leave before all others.
    private readonly IReplacementPolicy? _recipes;
    private readonly FrameIndex _index;
    private readonly FramePool _pool;
    private readonly Swap _swap;
    private readonly List<IShrinker> _shrinkers = [];
    private readonly FrameNumber[] _leased = new FrameNumber[3];
    private readonly FrameNumber[] _victims;
    private int _leases;

    /// <summary>Makes the memory of a machine.</summary>
    /// <param name="frames">Pages of memory, 16 at the least.</param>
    /// <param name="swapPages">Pages of anonymous memory that may leave for the store; 0 keeps them all in memory.</param>
    /// <param name="store">Where stored and swapped pages go.</param>
    /// <param name="policy">Chooses what to evict.</param>
    /// <param name="changes">The machine's count of changes.</param>
    /// <param name="meter">Counts store reads and writes.</param>
    /// <param name="keying">By what pages of files are found.</param>
    /// <param name="nodes">How many NUMA nodes memory has.</param>
    /// <param name="recipes">Chooses among derived frames, which then leave first; null: they stand in line with all others.</param>
    internal PageCache(
        int frames, long swapPages, IPageStore store, IReplacementPolicy policy, ChangeCounter changes, Meter meter,
        CacheKeying keying, int nodes = 1, IReplacementPolicy? recipes = null)
    {
        Frames = new FrameTable(frames);
        (_store, _policy, _recipes, _changes, _meter, Keying) = (store, policy, recipes, changes, meter, keying);
        _index = new FrameIndex(Frames, keying);
        _pool = new FramePool(Frames, nodes);
        _swap = new Swap(swapPages);
        _victims = new FrameNumber[Math.Clamp(frames / 64, 1, 32)];
    }

    /// <summary>By what pages of files are found.</summary>
    public CacheKeying Keying { get; }

    /// <summary>How many NUMA nodes memory has; its frames belong to them in turn.</summary>
    public int Nodes => _pool.Nodes;

    /// <summary>From which node frames are taken just now, as long as it has any.</summary>
    internal int PreferredNode { get; set; }

    /// <summary>Pages of memory that the machine has.</summary>
    public int FrameCount => Frames.Count;

    /// <summary>Frames that hold a block.</summary>
    public int Resident => _index.Count;

    /// <summary>The most frames that ever held a block at once since <see cref="ResetPeak"/>.</summary>
    public int Peak { get; private set; }

    /// <summary>Frames that were evicted so far.</summary>
    public long Evictions { get; private set; }

    /// <summary>Frames whose bytes are not in the store, nor on their way there.</summary>
    public int DirtyFrames { get; private set; }

    /// <summary>Anonymous pages that are in swap, and how many may be.</summary>
    public (long Used, long Capacity) SwapPages => (_swap.Used, _swap.Capacity);

    /// <summary>Pages that the store keeps for blocks, alive or not, for fsck.</summary>
    internal long StoredPages => _store.PageCount;

    /// <summary>Frame numbers from here on have never been used.</summary>
    public int HighWater => _pool.HighWater;

    /// <summary>Adds something that can give memory back when it is short.</summary>
    internal void Register(IShrinker shrinker) => _shrinkers.Add(shrinker);

    /// <summary>Starts <see cref="Peak"/> anew.</summary>
    public void ResetPeak() => Peak = Resident;

    /// <summary>Physical memory.</summary>
    internal FrameTable Frames { get; }

    /// <summary>The node that a frame belongs to.</summary>
    internal int NodeOf(FrameNumber frame) => _pool.Nodes == 1 ? 0 : frame.Value % _pool.Nodes;

    /// <summary>Finds the frame of a block, for the page that reads it, and tells the policy that it was used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryGet(BlockNumber block, in PageLabel label, AccessKind access, GroupId group, out FrameNumber frame)
    {
        if (!_index.TryFind(block, label, out frame))
        {
            return false;
        }

        if ((Frames[frame].Flags & FrameFlags.Listed) != 0)
        {
            PolicyOf(Frames[frame].Block).Touched(frame, access, group);
        }

        return true;
    }

    /// <summary>Finds the frame of a block, for the page that would read it, without using it.</summary>
    internal bool TryPeek(BlockNumber block, in PageLabel label, out FrameNumber frame) => _index.TryFind(block, label, out frame);

    /// <summary>Whether the frames of such a block are found by inode and page, so that there may be several.</summary>
    internal bool IsByPage(BlockNumber block) => _index.IsByPage(block);

    /// <summary>Whether the store has a page of the block, for fsck.</summary>
    internal bool IsInStore(BlockNumber block) => _store.Contains(block);

    /// <summary>Gives a block that has no frame one whose bytes the caller fills; clean until marked.</summary>
    /// <exception cref="ReflinkException">ENOMEM: nothing can be evicted; ENOSPC or EIO: only because the store takes nothing.</exception>
    internal FrameNumber Add(BlockNumber block, in PageLabel label, AccessKind access, GroupId group)
    {
        var number = Attach(block, label, group);
        Enlist(number, access);
        return number;
    }

    /// <summary>Reads a stored or swapped block that has no frame from the store into one.</summary>
    /// <exception cref="ReflinkException">ENOMEM, ENOSPC as <see cref="Add"/>; EIO when the store's page is missing or damaged.</exception>
    internal FrameNumber Load(BlockNumber block, in PageLabel label, AccessKind access, GroupId group)
    {
        var number = Add(block, label, access, group);
        try
        {
            ReadStore(block, Frames.Bytes(number), label);
        }
        catch (ReflinkException)
        {
            Discard(number);
            throw;
        }

        if (block.Kind == BlockKind.Anonymous)
        {
            // A page that comes back leaves swap: the frame is the only copy again.
            _swap.Leave();
            _store.Delete(block);
            MarkDirty(number);
        }

        return number;
    }

    /// <summary>Takes back a frame that could not be filled.</summary>
    internal void Discard(FrameNumber frame) => Forget(frame);

    /// <summary>What messages call an inode; only those above know names.</summary>
    internal Func<InodeNumber, string> Naming { get; set; } = inode => $"inode {inode}";

    /// <summary>Reads a block's bytes from the store without giving it a frame.</summary>
    /// <exception cref="ReflinkException">EIO naming the page.</exception>
    internal void ReadStore(BlockNumber block, Span<byte> bytes, in PageLabel label)
    {
        _meter.Count(WorkKind.StoreRead);
        try
        {
            _store.Read(block, bytes);
        }
        catch (ReflinkException e) when (e.Error == Errno.EIO)
        {
            throw new ReflinkException(Errno.EIO, $"{Naming(label.Inode)}, page {label.Page}: {e.Reason}", e);
        }
    }

    /// <summary>Says that a frame's bytes differ from the store's from now on.</summary>
    internal void MarkDirty(FrameNumber number)
    {
        ref var frame = ref Frames[number];
        if ((frame.Flags & FrameFlags.Dirty) == 0)
        {
            Invariant.Check(frame.Block.Kind is BlockKind.Stored or BlockKind.Anonymous);
            frame.Flags |= FrameFlags.Dirty;
            DirtyFrames++;
        }
    }

    /// <summary>Keeps a frame from being evicted.</summary>
    internal FrameLease Lease(FrameNumber frame)
    {
        Invariant.Check(_leases < _leased.Length);
        _leased[_leases++] = frame;
        return new FrameLease(this, frame);
    }

    /// <summary>
    /// A page of an inode moved to a new block with the bytes that it has: its frame, found by inode and page, holds that block
    /// from now on. It must be clean, since the old block is to have its bytes too.
    /// </summary>
    internal void Relabel(FrameNumber number, BlockNumber block)
    {
        ref var frame = ref Frames[number];
        Invariant.Check(_index.IsByPage(frame.Block));
        Invariant.Check(_index.IsByPage(block));
        Invariant.Check((frame.Flags & FrameFlags.Dirty) == 0);
        if ((frame.Flags & FrameFlags.Listed) != 0 && PolicyOf(frame.Block) != PolicyOf(block))
        {
            PolicyOf(frame.Block).Removed(number);
            _ = PolicyOf(block).Inserted(new Folio(number), Frames.Label(number), AccessKind.Write, frame.Group);
        }

        frame.Block = block;
        MarkDirty(number);
    }

    /// <summary>A page left its inode: the frame that it alone had is freed without being written (mm/truncate.c).</summary>
    internal void DropPage(BlockNumber block, in PageLabel label)
    {
        if (_index.IsByPage(block) && _index.TryFind(block, label, out var number))
        {
            Release(number);
        }
    }

    /// <summary>
    /// A block died: its frame is freed without being written, and the store forgets it. Frames that were found by inode and
    /// page went with the pages.
    /// </summary>
    internal void Drop(BlockNumber block)
    {
        if (!_index.IsByPage(block) && _index.TryFind(block, default, out var number))
        {
            Release(number);
        }
        else if (block.Kind == BlockKind.Anonymous && _store.Contains(block))
        {
            _swap.Leave();
        }

        if (block.Kind != BlockKind.Derived)
        {
            _store.Delete(block);
        }
    }

    /// <summary>An owner left a block that others still have: entries that lead to its frame must look again.</summary>
    internal void Leave(BlockNumber block, in PageLabel label, Rule rule)
    {
        if (!block.IsZero && _index.TryFind(block, label, out var number))
        {
            _changes.Stamp(ref Frames[number].Changed, rule);
        }
    }

    /// <summary>A block gained an owner: entries that lead to its frame may not be stored through.</summary>
    internal void Share(BlockNumber block, in PageLabel label, Rule rule)
    {
        if (!block.IsZero && _index.TryFind(block, label, out var number))
        {
            _changes.Stamp(ref Frames[number].Shared, rule);
        }
    }

    /// <inheritdoc/>
    void IDisposable.Dispose()
    {
        IsOff = true;
        Frames.Dispose();
    }

    /// <summary>Whether memory is gone, with the machine that it was of.</summary>
    internal bool IsOff { get; private set; }

    /// <summary>Refuses to do anything for a machine that was switched off.</summary>
    /// <exception cref="ObjectDisposedException">It was.</exception>
    internal void RequireOn()
    {
        if (IsOff)
        {
            throw new ObjectDisposedException("Machine", "The machine was switched off, and all that was in its memory is gone; make another.");
        }
    }

    internal void EndLease(FrameNumber frame)
    {
        Invariant.Check(_leases > 0 && _leased[_leases - 1] == frame);
        _leases--;
    }

    private FrameNumber Attach(BlockNumber block, in PageLabel label, GroupId group)
    {
        Invariant.Check(!block.IsZero);
        var number = TakeFrame();
        ref var frame = ref Frames[number];
        (frame.Block, frame.Group, frame.Flags) = (block, group, FrameFlags.None);
        frame.Loaded.Tick = _changes.Now;
        Frames.Label(number) = label;
        _index.Add(number);
        Peak = Math.Max(Peak, _index.Count);
        return number;
    }

    private void Release(FrameNumber number)
    {
        _changes.Stamp(ref Frames[number].Changed, Rule.Freed);
        Forget(number);
    }

    private void Forget(FrameNumber number)
    {
        ref var frame = ref Frames[number];
        Invariant.Check((frame.Flags & FrameFlags.Writeback) == 0);
        if ((frame.Flags & FrameFlags.Listed) != 0)
        {
            PolicyOf(frame.Block).Removed(number);
        }

        if ((frame.Flags & FrameFlags.Dirty) != 0)
        {
            DirtyFrames--;
        }

        _index.Remove(number);
        frame.Flags = FrameFlags.None;
        _pool.Return(number);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private IReplacementPolicy PolicyOf(BlockNumber block) => _recipes is not null && block.Kind == BlockKind.Derived ? _recipes : _policy;

    private bool IsLeased(FrameNumber frame) => _leased.AsSpan(0, _leases).Contains(frame);
}
