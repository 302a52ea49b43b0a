using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Reflink.Machines;
using Reflink.Studies.Experiments;
using Reflink.Studies.Replaying;
using Reflink.Units;

namespace Reflink.Cli.Replaying;

/// <summary>What a replay found, for people as tables, for programs as JSON and CSV.</summary>
internal static class ReplayReport
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Json(object result) => JsonSerializer.Serialize(result, Format) + "\n";

    public static string Json(TraceFacts facts, IReadOnlyList<MissRatioCurve> curves) => Json(new
    {
        facts,
        curves = curves.Select(c => new { c.Policy, c.Sample, points = c.Points.Select(p => new { p.Pages, p.MissRatio }) }),
    });

    public static string Csv(ReplayResult result) => "policy,pages,miss_ratio,accesses,hits,misses,refaults,activations,evicted,written_back\n" + string.Concat(result.Rows.Select(r => string.Create(
        CultureInfo.InvariantCulture,
        $"{r.Policy},{r.Pages},{r.MissRatio:F6},{r.Counts.Accesses},{r.Counts.Hits},{r.Counts.Misses},{r.Counts.Refaults + r.Counts.Activations},{r.Counts.Activations},{r.Counts.Evictions},{r.Counts.Writebacks}\n")));

    public static string Csv(IReadOnlyList<MissRatioCurve> curves) => "policy,pages,miss_ratio\n" + string.Concat(
        curves.SelectMany(c => c.Points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{c.Policy},{p.Pages},{p.MissRatio:F6}\n"))));

    public static string Facts(TraceFacts facts)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{facts.Format}: {facts.Requests:n0} requests, {facts.Accesses:n0} accesses to pages\n");
        if (facts.Sample < 1)
        {
            text.Append(CultureInfo.InvariantCulture, $"sampled: {facts.Sample * 100:0.####} % of the pages, {facts.Sampled:n0} accesses; miss ratios are off by about {facts.SampleError:0.0000}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{facts.Reads:n0} reads, {facts.Writes:n0} writes; {facts.Distinct:n0} pages{(facts.Sample < 1 ? $", about {facts.Footprint:n0} of the whole" : "")}, {(facts.Footprint * (double)Page.Size) / (1 << 20):n1} MiB: so many misses are cold\n");
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
            "", ["policy", "memory", "pages", "miss_ratio", "hits", "misses", "refaults", "activations", "evicted", "written_back"],
            [.. result.Rows.Select(r => (IReadOnlyList<object?>)
            [
                r.Policy, new ByteSize(r.Pages << Page.Shift).ToString(), r.Pages, r.MissRatio.ToString("F4", CultureInfo.InvariantCulture), r.Counts.Hits, r.Counts.Misses,
                r.Counts.Refaults + r.Counts.Activations, r.Counts.Activations, r.Counts.Evictions, r.Counts.Writebacks,
            ])]).Lines())
        {
            text.Append(row).Append('\n');
        }

        text.Append("\nrefaults: misses of pages that the policy remembers (ghosts, shadows), and of these activated at once; 0 for policies that remember none\n");
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
            text.Append(CultureInfo.InvariantCulture, $"{curve.Policy}: found with {curve.Sample * 100:0.####} % of the pages, off by about {0.5 / Math.Sqrt(Math.Max(1, facts.Footprint * curve.Sample)):0.0000}\n");
        }

        text.Append('\n');
        foreach (var line in new SnapshotTable(
            "", ["memory", "pages", .. curves.Select(c => c.Policy)],
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
