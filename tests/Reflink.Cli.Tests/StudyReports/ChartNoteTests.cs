using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Reflink.Studies.Reporting;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Sweeps;

namespace Reflink.Cli.Tests.StudyReports;

/// <summary>What a chart cannot show it says, and what seeds leave open it draws.</summary>
public sealed class ChartNoteTests : IDisposable
{
    private const string Noisy = "study: t\nseeds: 8\nparameters: {keying: [block, inode]}\nsteps: [record: {x: 'random(1000) + 100'}]\ncharts: [{kind: bar, x: keying, y: x}]";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_chart_of_texts_says_in_its_place_that_there_is_nothing_to_draw()
    {
        var (folder, scenario) = Run("study: t\nparameters: {n: [1, 2]}\nmeasure: [frames]\nsteps: [create a 4K, record: {word: \"'w'\"}]\ncharts: [{x: n, y: word}, {x: word, y: frames}, {x: n, y: [frames, word]}]");
        var charts = Charts(folder, scenario);

        Assert.Equal([0, 0, 2], charts.Select(chart => chart["lines"]!.AsArray().Count));
        Assert.All(charts.Take(2), chart => Assert.Equal("Nothing is drawn here: word has no number in any run; the table of all runs shows what is there instead", Note(chart)));
        Assert.StartsWith("Some of it is not drawn: word has no number", Note(charts[2]), StringComparison.Ordinal);
        Assert.Equal("03-frames-word-by-n.svg", Assert.Single(StudyReport.Figures(folder, scenario)).Key);
    }

    [Fact]
    public void A_parameter_of_words_cannot_be_drawn_and_one_of_numbers_is()
    {
        var refused = Assert.Throws<ReflinkException>(() => Scenario.Parse("study: t\nparameters: {n: [1, none]}\nsteps: [create a 4K]\ncharts:\n  - {x: seed, y: n}", "t.yaml"));
        Assert.Contains("t.yaml:5:18: 'n' has the value 'none', which is no number", refused.Message, StringComparison.Ordinal);

        var (folder, scenario) = Run("study: t\nparameters: {n: [1K, 2K]}\nsteps: [create a 4K]\ncharts: [{x: n, y: n}]");
        Assert.Equal([1024.0, 2048.0], Charts(folder, scenario)[0]["lines"]![0]!["middle"]!.AsArray().Select(v => v!.GetValue<double>()));
    }

    [Fact]
    public void Panels_beyond_twelve_are_counted_in_the_report_and_in_the_last_figure()
    {
        var (folder, scenario) = Run("study: t\nparameters: {n: [1, 2], m: {from: 1, to: 15}}\nmeasure: [frames]\nsteps: [create a 4K]\ncharts: [{x: n, y: frames}]");
        const string Cut = "3 of 15 panels are not shown: a chart has 12 at the most, one for each m";

        Assert.Equal([.. Enumerable.Repeat("", 11), Cut], Charts(folder, scenario).Select(Note));
        var figures = StudyReport.Figures(folder, scenario);
        Assert.Equal(12, figures.Count);
        Assert.Contains(Cut, Texts(figures[^1].Value));
        Assert.DoesNotContain(Cut, Texts(figures[0].Value));
    }

    [Fact]
    public void Bars_have_whiskers_over_the_interval_that_the_summary_has()
    {
        var (folder, scenario) = Run(Noisy);
        var line = Charts(folder, scenario)[0]["lines"]![0]!;
        var summary = File.ReadAllLines(Path.Combine(folder.Path, "summary.csv")).Skip(1).Select(row => row.Split(',')).ToList();
        Assert.Equal(
            summary.Select(cells => (Number(cells[3]), Number(cells[4]), Number(cells[5]))),
            Enumerable.Range(0, 2).Select(i => (line["middle"]![i]!.GetValue<double>(), line["low"]![i]!.GetValue<double>(), line["high"]![i]!.GetValue<double>())));

        // Three strokes a whisker: the interval, and its two ends.
        Assert.Equal(Strokes(Run(Noisy.Replace("random(1000)", "500", StringComparison.Ordinal))) + (2 * 3), Strokes((folder, scenario)));
    }

    private static int Strokes((StudyFolder Folder, Scenario Scenario) study) =>
        XDocument.Parse(StudyReport.Figures(study.Folder, study.Scenario)[0].Value).Descendants().Count(e => e.Name.LocalName == "polyline" && ((string?)e.Attribute("style"))?.Contains("stroke:black;stroke-width:1", StringComparison.Ordinal) == true);

    private static IEnumerable<string> Texts(string svg) => XDocument.Parse(svg).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value);

    private static string Note(JsonNode chart) => chart["note"]!.GetValue<string>();

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static List<JsonNode> Charts(StudyFolder folder, Scenario scenario) => [.. ReportedStudy.DataOf(StudyReport.Html(folder, scenario))["charts"]!.AsArray().Select(chart => chart!)];

    private (StudyFolder Folder, Scenario Scenario) Run(string text)
    {
        var scenario = Scenario.Parse(text, "t.yaml");
        using var folder = StudyFolder.Open(_scratch.Path($"results{Directory.GetDirectories(_scratch.Path(".")).Length}"), scenario);
        Sweep.Run(scenario, folder, 1);
        return (folder, scenario);
    }
}
