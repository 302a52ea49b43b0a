using Reflink.Studies.Scenarios.Measures;
using Reflink.Units;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>What a run measured over simulated time: a row a moment.</summary>
internal sealed class SampleSeries(IReadOnlyList<string> metrics, long? every)
{
    private const int Most = 100_000;

    private readonly List<SampleRow> _rows = [];

    /// <summary>How often a row is taken by itself, in nanoseconds; null for never.</summary>
    public long? Every => every;

    public IReadOnlyList<SampleRow> Rows => _rows;

    /// <exception cref="ReflinkException">EOVERFLOW: there are too many.</exception>
    public void Take(string label, Moment moment)
    {
        if (_rows.Count == Most)
        {
            throw new ReflinkException(Errno.EOVERFLOW, $"this run takes more than {Most:N0} samples; measure less often ('every')");
        }

        _rows.Add(new SampleRow(moment.Time, label, [.. metrics.Select(metric => MetricCatalog.Value(metric, moment))]));
    }
}
