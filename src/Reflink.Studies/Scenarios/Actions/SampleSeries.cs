using Reflink.Studies.Scenarios.Measures;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>What a run measured over simulated time: a row a moment.</summary>
internal sealed class SampleSeries(IReadOnlyList<string> metrics, long? every)
{
    private readonly List<SampleRow> _rows = [];

    /// <summary>How often a row is taken by itself, in nanoseconds; null for never.</summary>
    public long? Every => every;

    public IReadOnlyList<SampleRow> Rows => _rows;

    public void Take(string label, Moment moment) => _rows.Add(new SampleRow(moment.Time, label, [.. metrics.Select(metric => MetricCatalog.Value(metric, moment))]));
}
