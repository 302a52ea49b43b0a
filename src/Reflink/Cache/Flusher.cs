using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reflink.Cache;

/// <summary>
/// The daemon that writes dirty pages of files (wb_workfn, fs/fs-writeback.c): files that have been dirty for long, and, while too much is dirty, the others too. It writes file by
/// file, that which became dirty first before the others, a file's pages in their order, and waits for the disk between two parts.
/// </summary>
internal sealed class Flusher(PageCache cache, Meter meter, IClock clock) : IDaemon
{
    // MIN_WRITEBACK_PAGES: 4 MiB.
    private const int Part = 1024;

    // Since when each file is dirty, in nanoseconds, and how many dirty pages it has.
    private readonly Dictionary<InodeNumber, (long Since, int Pages)> _files = [];
    private readonly List<(long Since, PageLabel Label, FrameNumber Frame)> _found = [];
    private readonly FrameNumber[] _part = new FrameNumber[Part];
    private DirtyLimits _limits = new();

    // Pages that reclaim asked for and that are not written yet.
    private long _owed;

    /// <summary>The account that pays for its work.</summary>
    public AccountId Account { get; } = meter.Open();

    /// <summary>How much may be dirty, and for how long.</summary>
    /// <exception cref="ReflinkException">EINVAL: there are no such limits.</exception>
    public DirtyLimits Limits
    {
        get => _limits;
        set
        {
            value.Check();
            var isOther = value.Interval != _limits.Interval && value.Interval > TimeSpan.Zero;
            _limits = value;
            if (isOther)
            {
                // As in the kernel, all that is dirty is written now, so that the new interval counts from now on (dirty_writeback_centisecs_handler).
                Ask();
            }
        }
    }

    /// <summary>Why it could not write when it tried last.</summary>
    public ReflinkException? Refusal { get; private set; }

    /// <inheritdoc/>
    public long? NextWake { get; private set; }

    /// <summary>From how many dirty pages on it writes, and writers wait (nr_dirty_background_threshold, nr_dirty_threshold).</summary>
    public (long Background, long Limit) Thresholds => _limits.Of(Math.Max(0, cache.FrameCount - cache.Contents.Anonymous - cache.Allocator.Marks.High));

    // When files that have been dirty for long are looked for again; null: never.
    private long? NextLook => IsPeriodic ? clock.Now + Nanoseconds(_limits.Interval) : null;

    private bool IsPeriodic => _limits.Interval > TimeSpan.Zero;

    // What became dirty then, or before, has been dirty for too long (wb_check_old_data_flush, fs/fs-writeback.c).
    private long ExpiredSince => IsPeriodic ? clock.Now - Nanoseconds(_limits.Expiry) : long.MinValue;

    private bool IsTooMuch => cache.Dirty.Frames.Synced > Thresholds.Background;

    /// <summary>A page of a file became dirty.</summary>
    public void Dirtied(InodeNumber inode)
    {
        ref var file = ref CollectionsMarshal.GetValueRefOrAddDefault(_files, inode, out var isDirty);
        file = (isDirty ? file.Since : clock.Now, file.Pages + 1);
        NextWake ??= NextLook;
    }

    /// <summary>A dirty page of a file was written, by whomever, or freed. A file without any is dirty anew when it is written again.</summary>
    public void Cleaned(InodeNumber inode)
    {
        ref var file = ref CollectionsMarshal.GetValueRefOrNullRef(_files, inode);
        if (--file.Pages == 0)
        {
            _ = _files.Remove(inode);
        }
    }

    /// <summary>It works from now on, if more is dirty than may be.</summary>
    public void WakeUp()
    {
        if (IsTooMuch)
        {
            NextWake = Math.Min(NextWake ?? long.MaxValue, Math.Max(clock.Now, cache.Dirty.LastArrival));
        }
    }

    /// <summary>Reclaim finds nothing but dirty pages: as many as are dirty now are to be written in any case (wakeup_flusher_threads).</summary>
    public void Ask()
    {
        _owed = cache.Dirty.Frames.Synced;
        if (_owed > 0)
        {
            NextWake = Math.Min(NextWake ?? long.MaxValue, Math.Max(clock.Now, cache.Dirty.LastArrival));
        }
    }

    /// <summary>Does what it has had time for until now.</summary>
    public void CatchUp()
    {
        while (NextWake is { } next && next <= clock.Now)
        {
            Wake();
        }
    }

    /// <inheritdoc/>
    public void Wake()
    {
        var (cost, payer) = (meter.Cost, meter.Charge(Account));
        try
        {
            cache.Dirty.Wake();
            var isMore = WritePart();
            Refusal = null;
            NextWake = isMore ? Math.Max(clock.Now, cache.Dirty.LastArrival)
                : cache.Dirty.Frames.Synced > 0 ? NextLook
                : null;
        }
        catch (ReflinkException e) when (e.Error is Errno.ENOSPC or Errno.EIO)
        {
            // What could not be written is as old as it was, and is tried again later.
            (Refusal, _owed) = (e, 0);
            KeepAges();
            NextWake = NextLook;
        }
        finally
        {
            _ = meter.Charge(payer);
            _ = meter.TakeBeside(cost);
        }
    }

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;

    // Says whether another part is to follow.
    private bool WritePart()
    {
        Find(IsTooMuch || _owed > 0 ? long.MaxValue : ExpiredSince);
        var count = Math.Min(_found.Count, Part);
        for (var n = 0; n < count; n++)
        {
            _part[n] = _found[n].Frame;
        }

        cache.Dirty.Clean(_part.AsSpan(0, count));
        _owed = _found.Count > count ? Math.Max(0, _owed - count) : 0;
        return _found.Count > count && (IsTooMuch || _owed > 0 || _found[count].Since <= ExpiredSince);
    }

    private void KeepAges()
    {
        foreach (var (since, label, _) in _found)
        {
            ref var file = ref CollectionsMarshal.GetValueRefOrNullRef(_files, label.Inode);
            if (!Unsafe.IsNullRef(ref file))
            {
                file.Since = since;
            }
        }
    }

    // What has been dirty since then, in the order in which it is written.
    private void Find(long since)
    {
        _found.Clear();
        for (var frame = default(FrameNumber); cache.Dirty.Frames.TryFindSynced(ref frame); frame = new FrameNumber(frame.Value + 1))
        {
            var label = cache.Frames.Label(frame);
            var dirtied = _files[label.Inode].Since;
            if (dirtied <= since)
            {
                _found.Add((dirtied, label, frame));
            }
        }

        _found.Sort(static (a, b) => (a.Since, a.Label.Inode.Value, a.Label.Page.Value).CompareTo((b.Since, b.Label.Inode.Value, b.Label.Page.Value)));
    }
}
