using System.Diagnostics;
using System.Globalization;

namespace Reflink.Fidelity;

/// <summary>
/// Waits for what a block device is reading. Pages that the kernel reads ahead come after the load that asked for them has returned,
/// and mincore(2) does not count them until they are there.
/// </summary>
internal static class BlockReads
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);

    /// <summary>Returns when the device has no read under way (the first number of its file "inflight" in sysfs).</summary>
    /// <param name="device">Its folder in sysfs, such as /sys/block/loop0 or /sys/dev/block/7:0.</param>
    /// <exception cref="IOException">It has been reading for a minute, or has no such file.</exception>
    public static void Await(string device)
    {
        // A request that waits in a queue of the block layer is not counted yet; it leaves the queue well within two looks.
        var quiet = 0;
        for (var watch = Stopwatch.StartNew(); quiet < 2; Thread.Sleep(1))
        {
            var reads = int.Parse(
                File.ReadAllText($"{device}/inflight").Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
            quiet = reads == 0 ? quiet + 1 : 0;
            if (watch.Elapsed > s_longestWait)
            {
                throw new IOException($"{device} has had reads under way for {s_longestWait.TotalSeconds} seconds");
            }
        }
    }
}
