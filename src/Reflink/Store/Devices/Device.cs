namespace Reflink.Store.Devices;

/// <summary>A disk in simulated time: when it is free, and who waits how long for it. Without a model it takes no time.</summary>
/// <param name="model">How long it takes; null: no time.</param>
/// <param name="clock">The machine's clock, which waits.</param>
internal sealed class Device(DeviceModel? model, ITimeline clock)
{
    // When it has transferred all that it was asked for.
    private long _free;

    /// <summary>Whether it takes no time.</summary>
    public bool IsInstant => model is null;

    /// <summary>Simulated nanoseconds now.</summary>
    public long Now => clock.Now;

    /// <summary>When the last page that was written has arrived.</summary>
    public long WrittenAt { get; private set; }

    /// <summary>How long reads were waited for so far, in nanoseconds.</summary>
    public long ReadWait { get; private set; }

    /// <summary>How long writes were waited for.</summary>
    public long WriteWait { get; private set; }

    /// <summary>Bytes a second that it writes; null: any number.</summary>
    public long? WriteBandwidth => model?.WriteBandwidth;

    /// <summary>Pages are read, and waited for.</summary>
    public void Read(int pages)
    {
        if (model is not null)
        {
            Transfer(DeviceRequest.Read, pages);
            ReadWait += WaitUntil(_free + Nanoseconds(model.ReadLatency));
        }
    }

    /// <summary>
    /// Pages are read before anybody asks for them. Nobody waits for them, only for what was asked for before: so a reader is never further ahead of the disk than by one window.
    /// </summary>
    public void ReadAhead(int pages)
    {
        if (model is not null)
        {
            ReadWait += WaitUntil(_free);
            Transfer(DeviceRequest.Read, pages);
        }
    }

    /// <summary>A page is written; it arrives at <see cref="WrittenAt"/>.</summary>
    public void Write()
    {
        if (model is not null)
        {
            Transfer(DeviceRequest.Write, 1);
            WrittenAt = _free + Nanoseconds(model.WriteLatency);
        }
    }

    /// <summary>Waits for a page that was written.</summary>
    public void WaitForWrite(long arrives) => WriteWait += WaitUntil(arrives);

    /// <summary>Somebody waits so many nanoseconds so that the disk can catch up.</summary>
    public void Pause(long time) => WriteWait += WaitUntil(clock.Now + time);

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;

    private void Transfer(DeviceRequest request, int pages) => _free = Math.Max(_free, clock.Now) + (pages * model!.TransferOf(request));

    private long WaitUntil(long time)
    {
        var begin = clock.Now;
        clock.WaitUntil(time);
        return clock.Now - begin;
    }
}
