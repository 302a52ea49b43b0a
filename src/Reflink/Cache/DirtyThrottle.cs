using Reflink.Store.Devices;

namespace Reflink.Cache;

/// <summary>
/// Makes those who dirty pages wait for the disk when much is dirty, so that they are no faster than it in the long run (balance_dirty_pages, mm/page-writeback.c). Between
/// background and limit nothing happens up to their middle; from there on writers pause, the longer the more is dirty.
/// </summary>
internal sealed class DirtyThrottle(PageCache cache, Flusher flusher, Device device)
{
    // MAX_PAUSE: a fifth of a second.
    private const long MaxPause = 200_000_000;

    // dirty_poll_interval: so many pages may become dirty before anybody asks, a 32nd of the limit, 16 at the least.
    private const int LeastPolled = 16;

    private long _seen;

    /// <summary>The daemon that writes what is dirty.</summary>
    public Flusher Flusher => flusher;

    /// <summary>How often somebody paused.</summary>
    public long Pauses { get; private set; }

    /// <summary>How long they paused together, in nanoseconds.</summary>
    public long PausedTime { get; private set; }

    /// <summary>Somebody dirtied pages, and has nothing in hand: the flusher does what it has had time for, and whoever dirties too much pauses.</summary>
    public void Balance()
    {
        flusher.CatchUp();
        var dirtied = cache.Dirty.Dirtied - _seen;
        if (dirtied < Math.Max(flusher.Thresholds.Limit / 32, LeastPolled))
        {
            return;
        }

        _seen = cache.Dirty.Dirtied;
        flusher.WakeUp();
        flusher.CatchUp();
        while (PauseFor(dirtied) is var pause and > 0)
        {
            Pauses++;
            PausedTime += pause;
            device.Pause(pause);
            cache.Dirty.Wake();
            flusher.WakeUp();
            flusher.CatchUp();
            // Waiting for a disk that takes nothing would never end: the next page that needs memory says why.
            if (Dirty < flusher.Thresholds.Limit || flusher.Refusal is not null)
            {
                break;
            }
        }
    }

    private long Dirty => cache.Dirty.Frames.Synced + cache.Dirty.InFlight;

    // The disk's rate, times 1 where the middle of the upper half is dirty, up to 2 below and down to 0 at the limit (wb_position_ratio).
    private long PauseFor(long dirtied)
    {
        var (background, limit) = flusher.Thresholds;
        var (free, dirty) = ((background + limit) / 2, Dirty);
        if (dirty <= free || device.WriteBandwidth is not { } bandwidth)
        {
            return 0;
        }

        var middle = (free + limit) / 2;
        var x = (double)(middle - dirty) / Math.Max(1, limit - middle);
        var ratio = Math.Clamp(1 + (x * x * x), 0, 2);
        var nanoseconds = dirtied * (double)Page.Size / bandwidth * 1e9;
        return ratio == 0 ? MaxPause : (long)Math.Clamp(nanoseconds / ratio, 1, MaxPause);
    }
}
