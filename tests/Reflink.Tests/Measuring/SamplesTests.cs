using Reflink.Measuring;

namespace Reflink.Tests.Measuring;

public sealed class SamplesTests
{
    [Theory]
    [InlineData(new double[] { 5 }, 5, 5, 5)]
    [InlineData(new double[] { 3, 1, 2 }, 1.5, 2, 2.5)]
    [InlineData(new double[] { 4, 1, 3, 2 }, 1.75, 2.5, 3.25)]
    [InlineData(new double[] { 9, 1, 8, 2, 7, 3, 6, 4, 5, 0, 1_000_000 }, 2.5, 5, 7.5)]
    public void QuartilesLieOnTheLineBetweenSamples(double[] values, double low, double median, double high)
    {
        var samples = new Samples(values);
        Assert.Equal((low, median, high), (samples.LowQuartile, samples.Median, samples.HighQuartile));
        Assert.Equal((values.Min(), values.Max(), values.Length), (samples.Min, samples.Max, samples.Count));
    }

    [Fact]
    public void NothingHasNoMedian() => Assert.Throws<ArgumentException>(() => new Samples([]));

    [Theory]
    [InlineData(0, "0 ns")]
    [InlineData(0.25, "0.25 ns")]
    [InlineData(7.25, "7.25 ns")]
    [InlineData(42.55, "42.6 ns")]
    [InlineData(999, "999 ns")]
    [InlineData(1_500, "1.5 µs")]
    [InlineData(123_456_789, "123 ms")]
    [InlineData(4_200_000_000, "4.2 s")]
    [InlineData(7_200_000_000_000, "7,200 s")]
    public void TimesAreReadInAFittingUnit(double nanoseconds, string text) => Assert.Equal(text, Figures.Time(nanoseconds));
}
