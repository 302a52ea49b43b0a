using System.Globalization;
using System.Text.Json;
using Reflink.Cli.Reporting;
using Reflink.Studies;
using Reflink.Studies.Experiments;
using Reflink.Studies.Replaying;

namespace Reflink.Cli.Replaying;

/// <summary>What a replay found, for people as tables, for programs as JSON and CSV.</summary>
internal static class ReplayReport
{
    public static string Json(object result) => JsonSerializer.Serialize(result, JsonFormat.Options) + "\n";

    public static string Json(TraceFacts facts, IReadOnlyList<MissRatioCurve> curves) => Json(new
    {
        facts,
        curves = curves.Select(c => new { c.Policy, c.Sample, c.Samples, c.Spread, points = c.Points.Select(p => new { p.Pages, p.MissRatio }) }),
    });

    public static string Csv(ReplayResult result) => Reporting.Csv.Of(result.Rows.Select(r => new
    {
        r.Policy, r.Pages, MissRatio = Ratio(r.MissRatio), r.Counts.Accesses, r.Counts.Hits, r.Counts.Misses, Refaults = r.Counts.Refaults + r.Counts.Activations,
        r.Counts.Activations, Evicted = r.Counts.Evictions, WrittenBack = r.Counts.Writebacks, r.Counts.ReadAhead, Sample = Sample(result.Facts.Sample),
    }));

    public static string Csv(IReadOnlyList<MissRatioCurve> curves) => Reporting.Csv.Of(curves.SelectMany(
        c => c.Points, (c, p) => new { c.Policy, p.Pages, MissRatio = Ratio(p.MissRatio), Sample = Sample(c.Sample), Spread = Ratio(c.Spread) }));

    public static Report Facts(TraceFacts facts)
    {
        var report = new Report().Note($"{facts.Format}: {Counted.Of(facts.Requests, "request")}, {Counted.Of(facts.Accesses, "access", "accesses")} to pages");
        if (facts.Sample < 1)
        {
            report.Note(string.Create(CultureInfo.InvariantCulture, $"sampled: {facts.Sample * 100:0.####} % of the pages, {Counted.Of(facts.Sampled, "access", "accesses")}, where {facts.Accesses * facts.Sample:n0} were to be expected; --curve measures how far miss ratios are off"));
        }

        return report
            .Note(string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(facts.Reads, "read")}, {Counted.Of(facts.Writes, "write")}; {Counted.Of(facts.Distinct, "page")}{(facts.Sample < 1 ? $", about {facts.Footprint:n0} of the whole" : "")}, {SizeText.Of(facts.Footprint << Page.Shift)}; the first use of each page is a miss under every policy"))
            .Notes(facts.Notes.Select(note => $"note: {note}"));
    }

    public static Report Text(ReplayResult result)
    {
        var facts = result.Facts;
        var report = Facts(facts).Blank().Table(new(
            "",
            [
                "policy", "memory", new("pages", 5), "miss_ratio", "hits", "misses", new("refaults", 2), new("activations", 3), new("evicted", 4), new("written_back", 1), new("read_ahead"),
            ],
            [.. result.Rows.Select(r => (IReadOnlyList<object?>)
            [
                r.Policy, Memory(r.Pages), r.Pages, Miss(r.MissRatio), r.Counts.Hits, r.Counts.Misses,
                r.Counts.Refaults + r.Counts.Activations, r.Counts.Activations, r.Counts.Evictions, r.Counts.Writebacks, r.Counts.ReadAhead,
            ])])).Blank();
        report.Note("refaults: misses of pages that the policy remembers (ghosts, shadows), and of these activated at once; 0 for policies that remember none");
        if (facts.Sample < 1)
        {
            report.Note("miss_ratio: misses of the accesses that were to be expected of the sample; all counts are those of the sample itself");
        }

        return report.Notes(result.Rows.Select(r => r.Pages).Distinct().Where(pages => pages >= facts.Footprint).Select(
            pages => $"{new ByteSize(pages << Page.Shift)} holds every page of the trace: there are cold misses only, under any policy"));
    }

    public static Report Text(TraceFacts facts, IReadOnlyList<MissRatioCurve> curves) => Facts(facts)
        .Notes(curves.Where(c => c.Sample < 1).Select(curve => string.Create(
            CultureInfo.InvariantCulture,
            $"{curve.Policy}: the mean of {curve.Samples} samples of {curve.Sample * 100:0.####} % of the pages; at no size is one of them further from it than {curve.Spread:0.0000}")))
        .Blank()
        .Table(new(
            "", ["memory", "pages", .. curves.Select(c => new Column($"miss_ratio_{c.Policy}"))],
            [.. curves[0].Points.Select((point, n) => (IReadOnlyList<object?>)
            [
                Memory(point.Pages), point.Pages, .. curves.Select(c => Miss(c.Points[n].MissRatio)),
            ])]));

    private static string Memory(long pages) => new ByteSize(pages << Page.Shift).ToString();

    private static Quantity Miss(double ratio) => Quantity.Of(ratio.ToString("F4", CultureInfo.InvariantCulture));

    private static string Ratio(double ratio) => ratio.ToString("F6", CultureInfo.InvariantCulture);

    private static string Sample(double sample) => sample.ToString("0.######", CultureInfo.InvariantCulture);
}
