using System.Collections;
using Reflink.Cache.Backings;
using Reflink.Cache.Policies;

namespace Reflink.Cache;

/// <summary>Finds frames for new pages, and makes room when there are none: what leaves memory, and in which order.</summary>
internal sealed class Reclaimer
{
    private readonly PageCache _cache;
    private readonly FramePool _pool;
    private readonly ReplacementLists _lists;
    private readonly IBacking[] _backings;
    private readonly List<IShrinker> _shrinkers = [];
    private readonly FrameNumber[] _victims;

    private PageTally _scanned;
    private PageTally _stolen;

    // Chosen by the present reclaim, and could not leave.
    private readonly List<FrameNumber> _putBack = [];

    // Why a frame could not be written for the present reclaim.
    private ReflinkException? _refusal;

    internal Reclaimer(PageCache cache, FramePool pool, ReplacementLists lists, IBacking[] backings)
    {
        (_cache, _pool, _lists, _backings) = (cache, pool, lists, backings);
        _victims = new FrameNumber[Math.Clamp(cache.FrameCount / 64, 1, 32)];
    }

    /// <summary>Frames that were evicted so far.</summary>
    public long Evictions { get; private set; }

    /// <summary>Pages that policies chose so far to leave, each as often as it was chosen (pgscan_file, pgscan_anon).</summary>
    public PageTally Scanned => _scanned;

    /// <summary>Those that left (pgsteal_file, pgsteal_anon); others could not, because they were leased or nothing took their bytes.</summary>
    public PageTally Stolen => _stolen;

    /// <summary>Knows what processes map; null until there are processes.</summary>
    public IMappedFrames? Mappers { get; set; }

    /// <summary>Adds something that can give memory back when it is short.</summary>
    public void Register(IShrinker shrinker) => _shrinkers.Add(shrinker);

    /// <summary>Lets what registered give memory back, up to a number of things of its own.</summary>
    public int Shrink(int target = int.MaxValue)
    {
        var freed = 0;
        foreach (var shrinker in _shrinkers)
        {
            freed += shrinker.Shrink(target);
        }

        return freed;
    }

    /// <summary>Takes a free frame, of the given node if it has any. Frames are reclaimed if none is free.</summary>
    /// <exception cref="ReflinkException">ENOMEM: nothing can be evicted; ENOSPC or EIO: only because the store takes nothing.</exception>
    public FrameNumber Take(int node) => TryTake(node, out var frame) ? frame : throw NothingLeaves();

    /// <summary>Takes a free frame, as <see cref="Take"/>.</summary>
    /// <returns>False: no memory can be had.</returns>
    public bool TryTake(int node, out FrameNumber frame)
    {
        if (_pool.TryTake(node, out frame))
        {
            return true;
        }

        Reclaim();
        return _pool.TryTake(node, out frame);
    }

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
    /// only write-back writes them.
    /// </summary>
    public bool TryPageOut(FrameNumber number)
    {
        ref readonly var frame = ref _cache.Frames[number];
        return ((frame.Flags & FrameFlags.Dirty) == 0 || _lists.KindOf(frame.Block) == FolioKind.Anonymous) && TryEvict(number);
    }

    /// <summary>Evicts one frame if it holds a block, is not leased, locked or on its way to the store, and may leave memory.</summary>
    public bool TryEvict(FrameNumber number)
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

        _cache.Contents.Detach(number, Rule.Evicted);
        Evictions++;
        return true;
    }

    // Unused things that can be made again go first; then the policies choose, a batch at a time. What may not leave (leased, or
    // anonymous with swap full) is put back at the end, so that every resident frame is looked at once before giving up.
    private void Reclaim()
    {
        Shrink(_victims.Length);
        _lists.Harvest();
        _refusal = null;
        try
        {
            while (!_pool.HasFree && _lists.Choose(_victims) is > 0 and var chosen)
            {
                foreach (var victim in _victims.AsSpan(0, chosen))
                {
                    var kind = _lists.KindOf(_cache.Frames[victim].Block);
                    _scanned.Count(kind);
                    if (TryEvict(victim))
                    {
                        _stolen.Count(kind);
                    }
                    else
                    {
                        _putBack.Add(victim);
                    }
                }
            }
        }
        finally
        {
            foreach (var frame in _putBack)
            {
                _lists.Insert(frame, AccessKind.Read);
            }

            _putBack.Clear();
        }
    }

    // Where memory is full of what only a disk could take, it is the disk that is short.
    private ReflinkException NothingLeaves()
    {
        var (used, capacity) = _cache.SwapPages;
        return _refusal is { } refusal
            ? new(refusal.Error, $"{refusal.Reason} ({_cache.DirtyFrames} of {_cache.FrameCount} frames of memory wait for that)", refusal)
            : new(Errno.ENOMEM, $"no frame of {_cache.FrameCount} can be reclaimed: {_cache.Resident} resident, {CacheCounters.Locked(_cache)} of them locked, swap {used} of {capacity} pages; give the machine more memory{(used < capacity ? "" : " or swap")}");
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
            _refusal = e;
            return false;
        }
    }
}
