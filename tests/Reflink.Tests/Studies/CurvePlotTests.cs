using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Reflink.Fidelity.Reclaim;
using Reflink.Studies;
using Reflink.Studies.Replaying;

namespace Reflink.Tests.Studies;

/// <summary>How figures look.</summary>
public sealed class CurvePlotTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Memory_is_drawn_by_its_logarithm()
    {
        var labels = Texts(CurvePlot.Svg([Curve("lru", 21)], "a title")).SelectMany(t => Regex.Matches(t, "^([0-9]+)([KMG])iB$"))
            .Select(m => long.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) << (10 * ("KMG".IndexOf(m.Groups[2].Value, StringComparison.Ordinal) + 1))).Order().ToList();

        // Each size on the axis is as many times the one before.
        Assert.InRange(labels.Count, 3, 30);
        Assert.Single(labels.Zip(labels.Skip(1), (a, b) => b / a).Distinct());
    }

    [Fact]
    public void A_picture_says_what_it_shows_of_whom() => Assert.Superset(
        new HashSet<string>(["web <1> & more.zst", "memory, on a logarithmic scale", "misses per access", "policy", "lru", "s3fifo", "0", "0.5", "1"]),
        Texts(CurvePlot.Svg([Curve("lru", 12), Curve("s3fifo", 12)], "web <1> & more.zst")).ToHashSet());

    [Fact]
    public void More_curves_than_colours_differ_by_their_lines()
    {
        var lines = XDocument.Parse(CurvePlot.Svg([.. Enumerable.Range(0, 15).Select(n => Curve($"policy {n}", 5))], "many"))
            .Descendants(s_svg + "polyline").Select(l => l.Attribute("style")!.Value).Where(s => s.Contains("stroke-width:2;", StringComparison.Ordinal) && s.Contains("stroke-linejoin", StringComparison.Ordinal));
        Assert.Equal(15, lines.Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_curve_of_hardly_a_point_is_a_picture_too(int points) => Assert.Contains("lru", Texts(CurvePlot.Svg([Curve("lru", points)], "short")));

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

    private static MissRatioCurve Curve(string policy, int points) => new(policy, [.. Enumerable.Range(0, points).Select(n => (1L << n, 1.0 - (n / 20.0)))], 1);

    private static IEnumerable<string> Texts(string svg) => XDocument.Parse(svg).Descendants(s_svg + "text").Select(t => t.Value);
}
