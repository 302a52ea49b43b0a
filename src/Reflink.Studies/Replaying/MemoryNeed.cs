using System.Globalization;
using Reflink.Cache.Simulation;
using Reflink.Units;

namespace Reflink.Studies.Replaying;

// Whether what is asked for fits into this process, before any of it is made.
internal static class MemoryNeed
{
    /// <summary>How many pages are simulated where so many are asked for: fewer, in a sample.</summary>
    public static int Capacity(ReplayOptions options, long pages) => (int)Math.Max(1, Math.Round(pages * options.Trace.Sample));

    /// <exception cref="ReflinkException">ENOMEM: it does not fit.</exception>
    public static void Require(ReplayOptions options)
    {
        if (Bytes(options) > options.MostBytes)
        {
            throw Exceeded(options, string.Create(CultureInfo.InvariantCulture, $"this process may have {GiB(options.MostBytes):n1} GiB"));
        }
    }

    public static ReflinkException Exceeded(ReplayOptions options, string instead, Exception? inner = null) => new(Errno.ENOMEM, string.Create(
        CultureInfo.InvariantCulture,
        $"{Counted.Of(options.Pages.Count * (long)options.Policies.Count, "simulation")} of up to {options.Pages.DefaultIfEmpty().Max():n0} pages take {GiB(Bytes(options)):n1} GiB to begin with, and {instead}; name smaller sizes of memory, fewer of them or fewer policies, or take a sample"), inner);

    private static long Bytes(ReplayOptions options) => options.Pages.Sum(pages => CacheSimulation.BytesFor(Capacity(options, pages))) * options.Policies.Count;

    private static double GiB(long bytes) => bytes / (double)(1 << 30);
}
