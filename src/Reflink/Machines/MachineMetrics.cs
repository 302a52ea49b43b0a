using System.Diagnostics.Metrics;
using System.Text;
using NetMeter = System.Diagnostics.Metrics.Meter;

namespace Reflink.Machines;

/// <summary>
/// Shows a machine to what reads .NET's metrics, such as dotnet-counters and OpenTelemetry, under the meter's name <c>Reflink</c>: a counter <c>reflink.work.…</c> for each
/// <see cref="WorkKind"/>, in times that work was done; gauges <c>reflink.frames.used</c>, <c>.free</c> and <c>.dirty</c>, in pages; and <c>reflink.time</c>, in simulated nanoseconds.
/// </summary>
/// <remarks>A reader asks from a thread of its own while the machine works: each number is right by itself, but together they may be of slightly different moments.</remarks>
/// <example><code>
/// using var metrics = new Reflink.Machines.MachineMetrics(machine, "first");    // then: dotnet-counters monitor --process-id … --counters Reflink
/// </code></example>
public sealed class MachineMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Reflink";

    private readonly NetMeter _meter;

    /// <summary>Shows a machine from now on.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="name">What tells it from others of this program: the value of the tag <c>machine</c>.</param>
    public MachineMetrics(Machine machine, string name)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(name);
        _meter = new NetMeter(new MeterOptions(MeterName) { Tags = [new("machine", name)] });
        foreach (var kind in CostModel.Kinds)
        {
            _ = _meter.CreateObservableCounter($"reflink.work.{Snake(kind.ToString())}", () => machine.Meter.Total(kind), "{times}", $"how often work of the kind {kind} was done");
        }

        _ = _meter.CreateObservableGauge("reflink.frames.used", () => machine.Cache.Resident, "{pages}", "frames that hold a page");
        _ = _meter.CreateObservableGauge("reflink.frames.free", () => machine.Cache.FrameCount - machine.Cache.Resident, "{pages}", "frames that hold none");
        _ = _meter.CreateObservableGauge("reflink.frames.dirty", () => machine.Cache.DirtyFrames, "{pages}", "frames whose bytes are nowhere else");
        _ = _meter.CreateObservableCounter("reflink.time", () => machine.Clock.Now, "ns", "simulated time by the machine's clock");
    }

    /// <summary>Shows the machine no longer.</summary>
    public void Dispose() => _meter.Dispose();

    // MinorFault: minor_fault.
    private static string Snake(string name)
    {
        var snake = new StringBuilder();
        foreach (var c in name)
        {
            _ = char.IsUpper(c) && snake.Length > 0 ? snake.Append('_') : snake;
            snake.Append(char.ToLowerInvariant(c));
        }

        return snake.ToString();
    }
}
