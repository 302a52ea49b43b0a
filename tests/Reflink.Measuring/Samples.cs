namespace Reflink.Measuring;

/// <summary>Measured values of one thing, and their order statistics.</summary>
public sealed class Samples
{
    private readonly double[] _sorted;

    public Samples(IEnumerable<double> values)
    {
        _sorted = [.. values.Order()];
        if (_sorted.Length == 0)
        {
            throw new ArgumentException("there are no samples", nameof(values));
        }
    }

    public int Count => _sorted.Length;

    public double Min => _sorted[0];

    public double Max => _sorted[^1];

    public double Median => At(0.5);

    /// <summary>A quarter of the samples is smaller.</summary>
    public double LowQuartile => At(0.25);

    /// <summary>A quarter of the samples is larger.</summary>
    public double HighQuartile => At(0.75);

    /// <summary>Between two samples the value is on the line between them (R's type 7, what spreadsheets do).</summary>
    private double At(double part)
    {
        var place = part * (_sorted.Length - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, _sorted.Length - 1);
        return _sorted[below] + ((place - below) * (_sorted[above] - _sorted[below]));
    }
}
