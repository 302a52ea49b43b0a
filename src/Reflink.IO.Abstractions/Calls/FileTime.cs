namespace Reflink.IO.Abstractions.Calls;

/// <summary>Times of a volume, in nanoseconds since 1970, as dates.</summary>
internal static class FileTime
{
    private const long PerTick = 100;

    /// <summary>What System.IO says is the time of a file that is not there.</summary>
    public static DateTime Absent { get; } = DateTime.FromFileTimeUtc(0);

    /// <summary>The date of a time.</summary>
    public static DateTime ToUtc(long time) => DateTime.UnixEpoch.AddTicks((time / PerTick) - (time % PerTick < 0 ? 1 : 0));

    /// <summary>The time of a date; one that is too early or too late for a volume becomes the earliest or the latest, as kernels do.</summary>
    public static long FromUtc(DateTime utc)
    {
        var ticks = utc.Ticks - DateTime.UnixEpoch.Ticks;
        return Math.Clamp(ticks, long.MinValue / PerTick, long.MaxValue / PerTick) * PerTick;
    }

    /// <summary>The date that is meant: one of no kind is UTC to methods that say Utc.</summary>
    public static DateTime Utc(DateTime date) => date.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(date, DateTimeKind.Utc) : date.ToUniversalTime();
}
