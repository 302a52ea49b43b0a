namespace Reflink;

/// <summary>
/// How much of memory may be dirty, and when a flusher writes it (Documentation/admin-guide/sysctl/vm.rst; mm/page-writeback.c). The values are those that kernels begin with.
/// </summary>
/// <example><code>
/// using var machine = new Machine(new MachineOptions { Dirty = new DirtyLimits(), Device = DeviceModel.Measured });
/// machine.Wait(TimeSpan.FromSeconds(40));    // what was written 30 seconds ago is on its way, or in the store
/// </code></example>
public sealed record DirtyLimits
{
    /// <summary>From how many percent of free and file pages on the flusher writes (vm.dirty_background_ratio), 0 to 100; not used if <see cref="BackgroundBytes"/> is not 0.</summary>
    public int BackgroundRatio { get; init; } = 10;

    /// <summary>Above how many percent of free and file pages writers wait for the disk (vm.dirty_ratio), 0 to 100; not used if <see cref="Bytes"/> is not 0.</summary>
    public int Ratio { get; init; } = 20;

    /// <summary>The same as <see cref="BackgroundRatio"/> in bytes (vm.dirty_background_bytes); 0: by the ratio.</summary>
    public long BackgroundBytes { get; init; }

    /// <summary>The same as <see cref="Ratio"/> in bytes, at least two pages (vm.dirty_bytes); 0: by the ratio.</summary>
    public long Bytes { get; init; }

    /// <summary>How long a file may be dirty before the flusher writes it (vm.dirty_expire_centisecs).</summary>
    public TimeSpan Expiry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the flusher looks for such files (vm.dirty_writeback_centisecs); 0: never, so it writes only what is too much, or what reclaim asks for.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From how many dirty pages on the flusher writes, and writers wait (domain_dirty_limits).</summary>
    /// <param name="dirtyable">Pages that are free or hold files.</param>
    internal (long Background, long Limit) Of(long dirtyable)
    {
        var limit = Bytes > 0 ? Bytes >> Page.Shift : dirtyable * Ratio / 100;
        var background = BackgroundBytes > 0 ? BackgroundBytes >> Page.Shift : dirtyable * BackgroundRatio / 100;
        return (background >= limit ? limit / 2 : background, limit);
    }

    internal void Check()
    {
        if (BackgroundRatio is < 0 or > 100 || Ratio is < 0 or > 100)
        {
            throw new ReflinkException(Errno.EINVAL, $"{BackgroundRatio} and {Ratio} percent of memory may be dirty; a ratio is 0 to 100");
        }

        if (BackgroundBytes < 0 || (Bytes != 0 && Bytes < 2 * Page.Size))
        {
            throw new ReflinkException(Errno.EINVAL, $"{BackgroundBytes} and {Bytes} bytes of memory may be dirty; it is two pages (8,192) at the least, or 0 to go by the ratio");
        }

        if (Expiry < TimeSpan.Zero || Interval < TimeSpan.Zero)
        {
            throw new ReflinkException(Errno.EINVAL, $"the flusher would run every {Interval} and write what is dirty for {Expiry}; give times that are not negative");
        }
    }
}
