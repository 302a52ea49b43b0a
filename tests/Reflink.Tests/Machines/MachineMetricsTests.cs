using System.Diagnostics.Metrics;
using Reflink.Machines;
using Reflink.Units;

namespace Reflink.Tests.Machines;

/// <summary>A machine's counters as .NET's metrics.</summary>
public sealed class MachineMetricsTests
{
    private const int P = Page.Size;

    [Fact]
    public void A_listener_reads_work_and_frames_until_the_metrics_are_disposed()
    {
        using var machine = new Machine(new MachineOptions { Memory = 64 * P });
        using var file = machine.Volume.Create("/f");
        using var listener = new MeterListener { InstrumentPublished = (instrument, listening) => Enable(listening, instrument, "read") };
        var values = new Dictionary<string, long>();
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => values[instrument.Name] = value);
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => values[instrument.Name] = value);
        listener.Start();

        using (new MachineMetrics(machine, "other"))
        using (new MachineMetrics(machine, "read"))
        {
            file.Write(0, new byte[100 * P]);
            listener.RecordObservableInstruments();
            Assert.Equal(Enum.GetValues<WorkKind>().Length + 4, values.Count);
            Assert.Equal((machine.Cache.Resident, 64 - machine.Cache.Resident, machine.Cache.DirtyFrames), (values["reflink.frames.used"], values["reflink.frames.free"], values["reflink.frames.dirty"]));
            Assert.Equal(machine.Meter.Total(WorkKind.PageReclaimed), values["reflink.work.page_reclaimed"]);
            Assert.Equal(machine.Clock.Now, values["reflink.time"]);
            Assert.True(values["reflink.work.page_reclaimed"] >= 36);
        }

        values.Clear();
        listener.RecordObservableInstruments();
        Assert.Empty(values);
    }

    private static void Enable(MeterListener listener, Instrument instrument, string name)
    {
        if (instrument.Meter.Name == MachineMetrics.MeterName && instrument.Meter.Tags!.Any(tag => tag is { Key: "machine", Value: string value } && value == name))
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }
}
