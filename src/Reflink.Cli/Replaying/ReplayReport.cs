using System.Globalization;
using System.Text;
using System.Text.Json;
using Reflink.Machines;
using Reflink.Studies;
using Reflink.Studies.Experiments;
using Reflink.Studies.Replaying;
using Reflink.Units;

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

    public static string Csv(ReplayResult result) => "policy,pages,miss_ratio,accesses,hits,misses,refaults,activations,evicted,written_back,read_ahead,sample\n" + string.Concat(result.Rows.Select(r => string.Create(
        CultureInfo.InvariantCulture,
        $"{r.Policy},{r.Pages},{r.MissRatio:F6},{r.Counts.Accesses},{r.Counts.Hits},{r.Counts.Misses},{r.Counts.Refaults + r.Counts.Activations},{r.Counts.Activations},{r.Counts.Evictions},{r.Counts.Writebacks},{r.Counts.ReadAhead},{result.Facts.Sample:0.######}\n")));

    public static string Csv(IReadOnlyList<MissRatioCurve> curves) => "policy,pages,miss_ratio,sample,spread\n" + string.Concat(
        curves.SelectMany(c => c.Points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{c.Policy},{p.Pages},{p.MissRatio:F6},{c.Sample:0.######},{c.Spread:F6}\n"))));

    public static string Facts(TraceFacts facts)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{facts.Format}: {Counted.Of(facts.Requests, "request")}, {Counted.Of(facts.Accesses, "access", "accesses")} to pages\n");
        if (facts.Sample < 1)
        {
            text.Append(CultureInfo.InvariantCulture, $"sampled: {facts.Sample * 100:0.####} % of the pages, {Counted.Of(facts.Sampled, "access", "accesses")}, where {facts.Accesses * facts.Sample:n0} were to be expected; --curve measures how far miss ratios are off\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{Counted.Of(facts.Reads, "read")}, {Counted.Of(facts.Writes, "write")}; {Counted.Of(facts.Distinct, "page")}{(facts.Sample < 1 ? $", about {facts.Footprint:n0} of the whole" : "")}, {(facts.Footprint * (double)Page.Size) / (1 << 20):n1} MiB: so many misses are cold\n");
        foreach (var note in facts.Notes)
        {
            text.Append(CultureInfo.InvariantCulture, $"note: {note}\n");
        }

        return text.ToString();
    }

    public static string Text(ReplayResult result)
    {
        var (text, facts) = (new StringBuilder(Facts(result.Facts)), result.Facts);
        text.Append('\n');
        foreach (var row in new SnapshotTable(
            "", ["policy", "memory", "pages", "miss_ratio", "hits", "misses", "refaults", "activations", "evicted", "written_back", "read_ahead"],
            [.. result.Rows.Select(r => (IReadOnlyList<object?>)
            [
                r.Policy, new ByteSize(r.Pages << Page.Shift).ToString(), r.Pages, r.MissRatio.ToString("F4", CultureInfo.InvariantCulture), r.Counts.Hits, r.Counts.Misses,
                r.Counts.Refaults + r.Counts.Activations, r.Counts.Activations, r.Counts.Evictions, r.Counts.Writebacks, r.Counts.ReadAhead,
            ])]).Lines())
        {
            text.Append(row).Append('\n');
        }

        text.Append("\nrefaults: misses of pages that the policy remembers (ghosts, shadows), and of these activated at once; 0 for policies that remember none\n");
        if (facts.Sample < 1)
        {
            text.Append("miss_ratio: misses of the accesses that were to be expected of the sample; all counts are those of the sample itself\n");
        }

        foreach (var pages in result.Rows.Select(r => r.Pages).Distinct().Where(p => p >= facts.Footprint))
        {
            text.Append(CultureInfo.InvariantCulture, $"{new ByteSize(pages << Page.Shift)} holds every page of the trace: there are cold misses only, under any policy\n");
        }

        return text.ToString();
    }

    public static string Text(TraceFacts facts, IReadOnlyList<MissRatioCurve> curves)
    {
        var text = new StringBuilder(Facts(facts));
        foreach (var curve in curves.Where(c => c.Sample < 1))
        {
            text.Append(CultureInfo.InvariantCulture, $"{curve.Policy}: the mean of {curve.Samples} samples of {curve.Sample * 100:0.####} % of the pages; at no size is one of them further from it than {curve.Spread:0.0000}\n");
        }

        text.Append('\n');
        foreach (var line in new SnapshotTable(
            "", ["memory", "pages", .. curves.Select(c => $"miss_ratio_{c.Policy}")],
            [.. curves[0].Points.Select((point, n) => (IReadOnlyList<object?>)
            [
                new ByteSize(point.Pages << Page.Shift).ToString(), point.Pages, .. curves.Select(c => (object?)c.Points[n].MissRatio.ToString("F4", CultureInfo.InvariantCulture)),
            ])]).Lines())
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }
}
