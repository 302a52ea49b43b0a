namespace Reflink.Cache;

/// <summary>
/// Gives out free frames. With few left it wakes <see cref="Kswapd"/>, with none to give it reclaims at the caller's cost (get_page_from_freelist and __alloc_pages_slowpath,
/// mm/page_alloc.c).
/// </summary>
internal sealed class PageAllocator(PageCache cache, FramePool pool, Reclaimer reclaimer, Kswapd kswapd, IClock clock, Meter meter)
{
    private Watermarks _marks;

    /// <summary>The daemon that keeps some frames free.</summary>
    public Kswapd Kswapd => kswapd;

    /// <summary>How many free pages decide who reclaims.</summary>
    public Watermarks Marks => _marks;

    /// <summary>The distance between two marks, in ten thousandths of memory.</summary>
    public int Scale { get; private set; } = Watermarks.DefaultScale;

    /// <summary>How often somebody who needed memory had to reclaim it (allocstall).</summary>
    public long Stalls { get; private set; }

    /// <summary>How long that took together, in nanoseconds of the machine's clock.</summary>
    public long StalledTime { get; private set; }

    /// <summary>The node that a frame belongs to.</summary>
    public int NodeOf(FrameNumber frame) => pool.Nodes == 1 ? 0 : frame.Value % pool.Nodes;

    /// <summary>Says how many pages no allocation takes, and how far apart the marks are.</summary>
    /// <exception cref="ReflinkException">EINVAL: as <see cref="Watermarks.Of"/>.</exception>
    public void SetMarks(long min, long scale)
    {
        _marks = kswapd.Marks = Watermarks.Of(cache.FrameCount, min, scale);
        Scale = (int)scale;
    }

    /// <summary>Frees frames when none can be reclaimed; null: the allocation fails.</summary>
    public IOutOfMemory? OutOfMemory { get; set; }

    /// <summary>Takes a free frame, of the given node if it has any. Frames are reclaimed if none is free.</summary>
    /// <exception cref="ReflinkException">ENOMEM: nothing can be evicted; ENOSPC or EIO: only because the store takes nothing.</exception>
    public FrameNumber Take(int node)
    {
        if (kswapd.WantsProcessEnded)
        {
            kswapd.WantsProcessEnded = false;
            OutOfMemory?.Relieve();
        }

        FrameNumber frame;
        while (!TryTake(node, out frame))
        {
            if (reclaimer.Refusal is not null || OutOfMemory is null || !OutOfMemory.Kill())
            {
                throw NothingLeaves();
            }
        }

        return frame;
    }

    /// <summary>Takes a free frame, as <see cref="Take"/>.</summary>
    /// <returns>False: no memory can be had.</returns>
    public bool TryTake(int node, out FrameNumber frame)
    {
        if (pool.Free <= _marks.Low || kswapd.IsAwake)
        {
            MakeRoom();
        }

        frame = default;
        return pool.Free > _marks.Min && pool.TryTake(node, out frame);
    }

    private void MakeRoom()
    {
        cache.Dirty.Wake();
        if (_marks.High > 0)
        {
            if (pool.Free <= _marks.Low)
            {
                kswapd.WakeUp();
            }

            kswapd.CatchUp();
        }

        if (pool.Free <= _marks.Min)
        {
            Reclaim();
        }
    }

    private void Reclaim()
    {
        var (begin, evicted) = (clock.Now, reclaimer.Evictions);
        Stalls++;
        meter.Tracing?.DirectReclaimBegins();
        try
        {
            if (reclaimer.ReclaimUntil(_marks.Min))
            {
                kswapd.Encourage();
            }
        }
        finally
        {
            meter.Tracing?.DirectReclaimEnds(reclaimer.Evictions - evicted);
        }

        StalledTime += clock.Now - begin;
    }

    // Where memory is full of what only a disk could take, it is the disk that is short.
    private ReflinkException NothingLeaves()
    {
        if (reclaimer.Refusal is { } refusal)
        {
            return new(refusal.Error, $"{refusal.Reason} ({cache.DirtyFrames} of {cache.FrameCount} frames of memory wait for that)", refusal);
        }

        var (used, capacity) = cache.SwapPages;
        var kept = _marks.Min > 0 ? $", {_marks.Min} kept free (min_free_kbytes)" : "";
        return new(
            Errno.ENOMEM,
            $"no frame of {cache.FrameCount} can be reclaimed: {cache.Resident} resident, {CacheCounters.Locked(cache)} of them locked{kept}, swap {used} of {capacity} pages; give the machine more memory{(used < capacity ? "" : " or swap")}");
    }
}
