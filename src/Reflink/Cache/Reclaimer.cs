using System.Collections;
using Reflink.Cache.Backings;
using Reflink.Cache.Policies;
using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache;

/// <summary>Makes room: what leaves memory, and in which order.</summary>
internal sealed class Reclaimer
{
    private readonly PageCache _cache;
    private readonly FramePool _pool;
    private readonly ReplacementLists _lists;
    private readonly IBacking[] _backings;
    private readonly List<(IShrinker Shrinker, ShrinkerScan Scan, Func<long, long> Give)> _shrinkers = [];
    private readonly FrameNumber[] _victims;

    // DEF_PRIORITY, and how much more it takes now: each batch that frees too little halves the part of all objects that is not looked at.
    private const int FirstPriority = 12;
    private int _priority = FirstPriority;

    private PageTally _scanned;
    private PageTally _stolen;

    // Chosen by the present reclaim, and could not leave.
    private readonly List<FrameNumber> _putBack = [];

    private readonly long[] _scannedBy = new long[2];
    private readonly long[] _stolenBy = new long[2];
    private readonly Meter _meter;

    // Frames on their way to the store that kswapd chose to leave.
    private readonly FrameBits _ofKswapd = new();

    internal Reclaimer(PageCache cache, FramePool pool, ReplacementLists lists, IBacking[] backings, Meter meter)
    {
        (_cache, _pool, _lists, _backings, _meter) = (cache, pool, lists, backings, meter);
        cache.Dirty.LeavingArrived = Arrived;
        _victims = new FrameNumber[Math.Clamp(cache.FrameCount / 64, 1, 32)];
    }

    /// <summary>Pages whose bytes were lost so far because they had been given up (pglazyfreed).</summary>
    public long LazilyFreed { get; private set; }

    /// <summary>Frames that were evicted so far.</summary>
    public long Evictions { get; private set; }

    /// <summary>Pages that policies chose so far to leave, each as often as it was chosen (pgscan_file, pgscan_anon).</summary>
    public PageTally Scanned => _scanned;

    /// <summary>Those that left (pgsteal_file, pgsteal_anon); others could not, because they were leased or nothing took their bytes.</summary>
    public PageTally Stolen => _stolen;

    /// <summary>Why a frame could not be written for the reclaim that ended last.</summary>
    public ReflinkException? Refusal { get; private set; }

    /// <summary>Pages that were looked at for somebody (pgscan_direct, pgscan_kswapd), and those that left (pgsteal_direct, pgsteal_kswapd).</summary>
    public (long Scanned, long Stolen) By(ReclaimedBy who) => (_scannedBy[(int)who], _stolenBy[(int)who]);

    /// <summary>The same for everybody.</summary>
    public ReclaimCounts Reclaimed => new(_scannedBy[0] + _scannedBy[1], _stolenBy[0] + _stolenBy[1], 0, 0);

    /// <summary>When there is something to do for a daemon: as much as it may write at once is on its way until then; null: at once.</summary>
    public long? BusyUntil => MayChoose ? null : _cache.Dirty.NextWake;

    /// <summary>Whether all that could leave was used too lately.</summary>
    public bool IsAllYoung => _lists.IsAllYoung;

    /// <summary>Knows what processes map; null until there are processes.</summary>
    public IMappedFrames? Mappers { get; set; }

    /// <summary>Objects that shrinkers were asked to look at so far (slabs_scanned).</summary>
    public long ObjectsScanned => _shrinkers.Sum(s => s.Scan.Scanned);

    /// <summary>Adds something that can give memory back when it is short.</summary>
    public void Register(IShrinker shrinker) => _shrinkers.Add((shrinker, new ShrinkerScan(ShrinkerScan.DefaultSeeks), shrinker.Shrink));

    /// <summary>Has all that registered give back what nobody uses (drop_slab, mm/shrinker.c; or for want of space, which is no memory).</summary>
    public long ShrinkAll() => _shrinkers.Sum(s => s.Shrinker.Shrink(s.Shrinker.Freeable));

    /// <summary>Which frames processes map now, for <see cref="TryDrop"/>.</summary>
    public BitArray FindMapped() => Mappers?.Find() ?? new BitArray(_pool.HighWater);

    /// <summary>Drops every clean page of files that no process maps (drop_pagecache_sb, fs/drop_caches.c); returns how many.</summary>
    public int DropClean()
    {
        _cache.Frames.RequireOn();
        var (mapped, dropped) = (FindMapped(), 0);
        for (var n = 0; n < _pool.HighWater; n++)
        {
            var number = new FrameNumber(n);
            ref readonly var frame = ref _cache.Frames[number];
            var isCleanFile = (frame.Flags & FrameFlags.Dirty) == 0 && _lists.KindOf(frame.Block) == FolioKind.File;
            dropped += isCleanFile && TryDrop(number, mapped) ? 1 : 0;
        }

        return dropped;
    }

    /// <summary>Writes a frame if it is dirty, and drops it unless a process maps it (mapping_evict_folio, mm/truncate.c).</summary>
    public bool TryDrop(FrameNumber number, BitArray mapped)
    {
        if (!mapped[number.Value])
        {
            return TryEvict(number);
        }

        if (_backings[(int)_cache.Frames[number].Block.Kind].HasRoom)
        {
            TryClean(number);
        }

        return false;
    }

    /// <summary>
    /// Evicts one frame because somebody asked for it (reclaim_pages, mm/vmscan.c): anonymous pages go to swap, and dirty pages of files stay, since
    /// only write-back writes them. What leaves is remembered as if reclaim had chosen it.
    /// </summary>
    public bool TryPageOut(FrameNumber number)
    {
        ref readonly var frame = ref _cache.Frames[number];
        if ((frame.Flags & FrameFlags.Dirty) != 0 && _lists.KindOf(frame.Block) == FolioKind.File)
        {
            return false;
        }

        var isEvicted = TryLeave(number);
        if (!isEvicted && (frame.Flags & FrameFlags.Writeback) != 0)
        {
            _cache.Dirty.Leave(number);
        }

        return isEvicted;
    }

    /// <summary>
    /// Evicts one frame if it holds a block, is not leased, locked or on its way to the store, and may leave memory. A dirty one is written, and stays if that takes time.
    /// </summary>
    /// <returns>Whether it is free now.</returns>
    public bool TryEvict(FrameNumber number)
    {
        if (!TryPrepare(number))
        {
            return false;
        }

        Free(number);
        return true;
    }

    private bool TryLeave(FrameNumber number)
    {
        if (!TryPrepare(number))
        {
            return false;
        }

        _lists.PageOut(number);
        Free(number);
        return true;
    }

    // Whether a frame may be freed. A dirty one is written.
    private bool TryPrepare(FrameNumber number)
    {
        ref readonly var frame = ref _cache.Frames[number];
        if (frame.Block.IsZero || _cache.Leases.Contains(number) || (frame.Flags & (FrameFlags.Writeback | FrameFlags.Locked)) != 0)
        {
            return false;
        }

        if ((frame.Flags & FrameFlags.Dirty) != 0 && !(_backings[(int)frame.Block.Kind].HasRoom && TryClean(number)))
        {
            return false;
        }

        return (frame.Flags & FrameFlags.Writeback) == 0;
    }

    private void Free(FrameNumber number)
    {
        ref readonly var frame = ref _cache.Frames[number];
        if ((frame.Flags & FrameFlags.LazyFree) != 0)
        {
            LazilyFreed += _cache.Swap!.Lose(frame.Block) ? 1 : 0;
        }

        _cache.Contents.Detach(number, Rule.Evicted);
        Evictions++;
    }

    /// <summary>
    /// Takes memory and swap from an anonymous page whose only owner is to end: the page stays, and reads as zeroes (__oom_reap_task_mm, mm/oom_kill.c). One that is leased or on its way to
    /// swap is left alone.
    /// </summary>
    /// <returns>Whether a frame was freed.</returns>
    public bool Reap(BlockNumber block)
    {
        var isResident = _cache.TryPeek(block, default, out var number);
        if (isResident && (_cache.Leases.Contains(number) || (_cache.Frames[number].Flags & FrameFlags.Writeback) != 0))
        {
            return false;
        }

        if (isResident)
        {
            _cache.Contents.Detach(number, Rule.Evicted);
        }

        _cache.Swap!.Forget(block);
        _cache.Swap.Lose(block);
        return isResident;
    }

    /// <summary>A reclaim begins: locks are brought up to date, and policies learn what was used through mappings.</summary>
    public void Begin()
    {
        _priority = FirstPriority;
        Mappers?.Refresh();
        _lists.Harvest();
        Shrink();
    }

    // Unused things that can be made again go in proportion to how hard memory is to find (shrink_slab, mm/shrinker.c).
    private void Shrink()
    {
        foreach (var (shrinker, scan, give) in _shrinkers)
        {
            scan.Run(shrinker.Freeable, _priority, give);
        }
    }

    // The present batch was not enough: looks harder. False: there is no harder way.
    private bool LookHarder()
    {
        if (_priority == 0)
        {
            return false;
        }

        _priority--;
        Shrink();
        return true;
    }

    /// <summary>
    /// Evicts until more than some frames are free. The policies choose, a batch at a time. What may not leave (leased, or anonymous with swap full) is put back at the end, so that
    /// every resident frame is looked at once before giving up.
    /// </summary>
    /// <returns>Whether any left.</returns>
    public bool ReclaimUntil(int free)
    {
        Begin();
        Refusal = null;
        var before = Evictions;
        try
        {
            while (_pool.Free <= free && ((MayChoose && Evict(ReclaimedBy.Allocator) > 0) || WaitForWriteback() || LookHarder()))
            {
            }
        }
        finally
        {
            PutBack();
        }

        return Evictions > before;
    }

    /// <summary>Evicts one batch of what the policies choose, unless as much is on its way to the store already.</summary>
    /// <returns>Whether any left, or does when it has arrived.</returns>
    public bool ReclaimBatch(ReclaimedBy who)
    {
        _cache.Dirty.Wake();
        var before = Evictions;
        try
        {
            if (MayChoose && Evict(who) == 0)
            {
                LookHarder();
            }
        }
        finally
        {
            PutBack();
        }

        return Evictions > before || _cache.Dirty.Leaving > 0;
    }

    // What was chosen and is on its way to the store leaves when it has arrived.
    private bool MayChoose => _cache.Dirty.Leaving < _victims.Length;

    // Nothing else can leave: waits for what is on its way to the store, or has more written.
    private bool WaitForWriteback()
    {
        if (_cache.Dirty.WaitForFirst())
        {
            return true;
        }

        var written = _cache.Dirty.Written;
        if (_cache.Dirty.Throttle?.Flusher is { } flusher && _cache.Dirty.Frames.Synced > 0)
        {
            flusher.Ask();
            flusher.CatchUp();
            Refusal = flusher.Refusal ?? Refusal;
        }

        return _cache.Dirty.Written > written;
    }

    private int Evict(ReclaimedBy who)
    {
        var (scanned, stolen) = (_lists.Scanned, _stolenBy[(int)who]);
        var chosen = _lists.Choose(_victims);
        var looked = Math.Max(_lists.Scanned - scanned, chosen);
        _scannedBy[(int)who] += looked;
        _meter.Count(WorkKind.PageReclaimed, looked);
        foreach (var victim in _victims.AsSpan(0, chosen))
        {
            var kind = _lists.KindOf(victim);
            _scanned.Count(kind);
            if (TryEvict(victim))
            {
                _stolen.Count(kind);
                _stolenBy[(int)who]++;
            }
            else if ((_cache.Frames[victim].Flags & FrameFlags.Writeback) != 0)
            {
                _cache.Dirty.Leave(victim);
                NoteChooser(victim, who);
            }
            else
            {
                _putBack.Add(victim);
            }
        }

        _meter.Tracing?.ShrankInactive(looked, _stolenBy[(int)who] - stolen);
        return chosen;
    }

    // A frame that was chosen to leave, and whose bytes have arrived: unless it was written again, it leaves now (folio_rotate_reclaimable has it looked at next).
    private void Arrived(FrameNumber number)
    {
        ref readonly var frame = ref _cache.Frames[number];
        var (kind, wasChosen) = (_lists.KindOf(number), (frame.Flags & FrameFlags.Listed) == 0);
        var who = wasChosen && _ofKswapd.Take(number) ? ReclaimedBy.Kswapd : ReclaimedBy.Allocator;
        if ((frame.Flags & FrameFlags.Dirty) == 0 && (wasChosen ? TryEvict(number) : TryLeave(number)))
        {
            if (wasChosen)
            {
                _stolen.Count(kind);
                _stolenBy[(int)who]++;
            }
        }
        else if (wasChosen)
        {
            _lists.Insert(number, AccessKind.Read);
        }
    }

    private void NoteChooser(FrameNumber victim, ReclaimedBy who)
    {
        _ofKswapd.Reach(victim);
        _ = _ofKswapd.Take(victim);
        if (who == ReclaimedBy.Kswapd)
        {
            _ofKswapd.Set(victim);
        }
    }

    private void PutBack()
    {
        foreach (var frame in _putBack)
        {
            _lists.Insert(frame, AccessKind.Read);
        }

        _putBack.Clear();
    }

    // What the store does not take stays in memory, dirty, and another frame is looked for.
    private bool TryClean(FrameNumber number)
    {
        try
        {
            _cache.Dirty.Clean(number);
            return true;
        }
        catch (ReflinkException e) when (e.Error is Errno.ENOSPC or Errno.EIO)
        {
            Refusal = e;
            return false;
        }
    }
}
