using System.Globalization;
using System.Text.RegularExpressions;
using Reflink.Fidelity.Reclaim;
using Reflink.Studies;
using Reflink.Studies.Replaying;

namespace Reflink.Tests.Studies;

/// <summary>How figures look.</summary>
public sealed class CurvePlotTests : IDisposable
{
    private readonly ScratchFolder _folder = new("traces");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Memory_is_drawn_by_its_logarithm()
    {
        var path = _folder.Of("curve.svg");
        CurvePlot.Save([new MissRatioCurve("lru", [.. Enumerable.Range(0, 21).Select(n => (1L << n, 1.0 - (n / 20.0)))], 1)], "a title", path);
        var labels = Regex.Matches(File.ReadAllText(path), "([0-9]+)([KMG])iB").Select(m => long.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) << (10 * ("KMG".IndexOf(m.Groups[2].Value, StringComparison.Ordinal) + 1))).Order().ToList();

        // Each size on the axis is as many times the one before.
        Assert.InRange(labels.Count, 3, 30);
        Assert.Single(labels.Zip(labels.Skip(1), (a, b) => b / a).Distinct());
    }

    [Fact]
    public void A_number_of_things_is_one_or_many() => Assert.Equal(
        "0 pages, 1 page, 2,000 pages, 1 access, 2 accesses", $"{Counted.Of(0, "page")}, {Counted.Of(1, "page")}, {Counted.Of(2000, "page")}, {Counted.Of(1, "access", "accesses")}, {Counted.Of(2, "access", "accesses")}");

    [Theory]
    [InlineData(-0.0001, "0.000")]
    [InlineData(0.0001, "0.000")]
    [InlineData(0, "0.000")]
    [InlineData(-0.5, "-0.500")]
    [InlineData(0.5, "+0.500")]
    public void A_difference_that_rounds_to_nothing_has_no_sign(double difference, string text) => Assert.Equal(text, ReclaimFigures.Signed(difference));
}
