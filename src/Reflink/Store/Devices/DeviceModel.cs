using Reflink.Store.Devices;

namespace Reflink;

/// <summary>
/// How long a disk takes. It serves requests in the order in which they come, one after the other at its bandwidth; latencies of several overlap. Who reads waits for the bytes, who
/// writes does not, but pages that are on their way cannot leave memory before they have arrived.
/// </summary>
/// <param name="Name">What reports call it.</param>
/// <param name="ReadLatency">From asking for a page to having it, when the disk is idle.</param>
/// <param name="WriteLatency">The same for writing one.</param>
/// <param name="ReadBandwidth">Bytes a second that are read at the most.</param>
/// <param name="WriteBandwidth">Bytes a second that are written at the most.</param>
/// <example><code>
/// using var machine = new Machine(new MachineOptions { Device = DeviceModel.Measured });
/// </code></example>
public sealed record DeviceModel(string Name, TimeSpan ReadLatency, TimeSpan WriteLatency, long ReadBandwidth, long WriteBandwidth)
{
    /// <summary>The longest latency of a disk: a minute, so that no clock runs over.</summary>
    public static readonly TimeSpan SlowestLatency = TimeSpan.FromMinutes(1);

    /// <summary>The virtual disk that this project was measured on: pages at random and runs of 1 MiB, past the host's cache (Machines/COSTS.md, The disk).</summary>
    public static DeviceModel Measured { get; } = new("measured", TimeSpan.FromMicroseconds(70), TimeSpan.FromMicroseconds(70), 900_000_000, 950_000_000);

    /// <summary>A disk that turns; assumed: 8 ms to find a page, 200 MB a second.</summary>
    public static DeviceModel Turning { get; } = new("turning", TimeSpan.FromMilliseconds(8), TimeSpan.FromMilliseconds(8), 200_000_000, 200_000_000);

    /// <summary>The models that have names.</summary>
    public static IReadOnlyList<DeviceModel> Known { get; } = [Measured, Turning];

    /// <summary>How long the bytes of one page take, in nanoseconds.</summary>
    internal long TransferOf(DeviceRequest request) => Page.Size * 1_000_000_000L / (request == DeviceRequest.Read ? ReadBandwidth : WriteBandwidth);

    internal void Check()
    {
        if (ReadLatency < TimeSpan.Zero || WriteLatency < TimeSpan.Zero || ReadLatency > SlowestLatency || WriteLatency > SlowestLatency || ReadBandwidth < Page.Size || WriteBandwidth < Page.Size)
        {
            throw new ReflinkException(Errno.EINVAL, $"the disk '{Name}' would take {ReadLatency} to read and {WriteLatency} to write a page, at {ReadBandwidth} and {WriteBandwidth} bytes a second; give latencies from 0 to a minute, and bandwidths of a page (4,096 bytes) a second at the least");
        }
    }
}
