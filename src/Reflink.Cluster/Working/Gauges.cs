using System.Diagnostics.Metrics;

namespace Reflink.Cluster.Working;

/// <summary>What a worker measures of itself, for OpenTelemetry.</summary>
internal sealed class Gauges : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "Reflink.Cluster";

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _runs;
    private readonly Histogram<double> _seconds;

    public Gauges() => (_runs, _seconds) = (
        _meter.CreateCounter<long>("reflink.cluster.runs", "{run}", "Runs whose results this silo has stored, by outcome"),
        _meter.CreateHistogram<double>("reflink.cluster.run.duration", "s", "How long runs took"));

    /// <summary>Counts a run whose result is stored, or that ended as no run should.</summary>
    public void Count(HeldRun run)
    {
        _runs.Add(1, new KeyValuePair<string, object?>("study", run.Study), new KeyValuePair<string, object?>("outcome", run.Result is null ? "error" : run.Result.HasFailed ? "failed" : "done"));
        if (run.Result is { } result)
        {
            _seconds.Record(result.Milliseconds / 1000.0, new KeyValuePair<string, object?>("study", run.Study));
        }
    }

    /// <summary>Shows how many runs a worker holds.</summary>
    public void Watch(Func<int> held) => _meter.CreateObservableGauge("reflink.cluster.runs.held", held, "{run}", "Runs that this silo has leases on");

    public void Dispose() => _meter.Dispose();
}
