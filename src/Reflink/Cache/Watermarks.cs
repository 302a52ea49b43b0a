namespace Reflink.Cache;

/// <summary>
/// How many free pages decide who reclaims (__setup_per_zone_wmarks, mm/page_alloc.c). All zero: memory is used to the last page, and whoever needs more reclaims it.
/// <code>
///   free  high ─────  kswapd sleeps from here on
///         low  ─────  kswapd is woken from here on down
///         min  ─────  whoever needs memory reclaims by itself from here on down
///         0
/// </code>
/// </summary>
/// <param name="Min">Pages that no allocation takes.</param>
/// <param name="Low">With no more than so many free pages kswapd is woken.</param>
/// <param name="High">With more than so many it goes to sleep.</param>
public readonly record struct Watermarks(int Min, int Low, int High)
{
    /// <summary>The scale that kernels have: a thousandth of memory between two marks (vm.watermark_scale_factor).</summary>
    public const int DefaultScale = 10;

    /// <summary>The largest scale: three tenths of memory.</summary>
    public const int MaxScale = 3000;

    /// <summary>The marks of a machine.</summary>
    /// <param name="pages">Pages of memory.</param>
    /// <param name="min">Pages that no allocation takes (vm.min_free_kbytes); 0: no marks at all.</param>
    /// <param name="scale">The distance between two marks, in ten thousandths of memory, 1 to 3,000, unless a quarter of <paramref name="min"/> is more.</param>
    /// <exception cref="ReflinkException">EINVAL: there is no such scale, or more than half of memory would be kept free.</exception>
    public static Watermarks Of(int pages, long min, long scale)
    {
        if (scale is < 1 or > MaxScale)
        {
            throw new ReflinkException(Errno.EINVAL, $"a watermark scale of {scale}; it is 1 to {MaxScale} ten thousandths of memory");
        }

        if (min == 0)
        {
            return default;
        }

        var distance = Math.Max(1, Math.Max(min / 4, (long)pages * scale / 10_000));
        return min > 0 && min <= pages && min + (2 * distance) <= pages / 2
            ? new Watermarks((int)min, (int)(min + distance), (int)(min + (2 * distance)))
            : throw new ReflinkException(
                Errno.EINVAL, $"{min} pages at the least and a watermark scale of {scale} would keep {min + (2 * distance)} of {pages} pages of memory free; it may be half of them at the most");
    }

    /// <summary>
    /// What a kernel keeps free of so much memory if nobody says otherwise, in bytes: four times the root of its KiB, 128 KiB to 256 MiB (calculate_min_free_kbytes). Kernels with
    /// transparent huge pages raise it further (set_recommended_min_free_kbytes).
    /// </summary>
    /// <param name="memory">Memory in bytes.</param>
    public static long DefaultMinFree(long memory) => Math.Clamp((long)Math.Sqrt(memory / 1024 * 16.0), 128, 262_144) * 1024;
}
