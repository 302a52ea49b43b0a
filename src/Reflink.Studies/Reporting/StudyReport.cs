using System.Text;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Sweeps;

namespace Reflink.Studies.Reporting;

/// <summary>
/// What a study found, to look around in: one HTML file that needs no network, and its charts as figures for papers. The same folder
/// gives the same bytes.
/// </summary>
/// <example><code>
/// var (folder, scenario) = StudyFolder.Read("/tmp/clones");
/// File.WriteAllText("clones.html", StudyReport.Html(folder, scenario));
/// </code></example>
public static class StudyReport
{
    /// <summary>The name of the page in a study's folder.</summary>
    public const string FileName = "report.html";

    /// <summary>The page.</summary>
    /// <param name="folder">Where the results are.</param>
    /// <param name="scenario">The study that they are of.</param>
    /// <exception cref="IOException">A result cannot be read.</exception>
    public static string Html(StudyFolder folder, Scenario scenario)
    {
        var table = ResultTable.Of(scenario, folder);
        return ReportPage.Of(scenario.Name, ReportData.Json(folder, table, new ChartMaker(table).All()));
    }

    /// <summary>The charts that have something to draw as SVG documents, by the names of their files.</summary>
    /// <param name="folder">Where the results are.</param>
    /// <param name="scenario">The study that they are of.</param>
    /// <exception cref="IOException">A result cannot be read.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Figures(StudyFolder folder, Scenario scenario) =>
        [.. new ChartMaker(ResultTable.Of(scenario, folder)).All().Index().Where(chart => chart.Item.Lines.Count > 0).Select(chart => KeyValuePair.Create($"{chart.Index + 1:00}-{Plain(chart.Item)}.svg", ReportFigure.Svg(chart.Item)))];

    /// <summary>Writes the page and the figures into the folder.</summary>
    /// <param name="folder">Where the results are.</param>
    /// <param name="scenario">The study that they are of.</param>
    /// <exception cref="IOException">A result cannot be read, or the disk is full.</exception>
    public static void Write(StudyFolder folder, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(folder);
        folder.Write(FileName, Html(folder, scenario));
        WriteFigures(folder, scenario);
    }

    /// <summary>Writes the figures into the folder.</summary>
    /// <param name="folder">Where the results are.</param>
    /// <param name="scenario">The study that they are of.</param>
    /// <exception cref="IOException">A result cannot be read, or the disk is full.</exception>
    public static void WriteFigures(StudyFolder folder, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(folder);
        foreach (var (name, svg) in Figures(folder, scenario))
        {
            folder.Write(Path.Combine("figures", name), svg);
        }
    }

    // A title as the name of a file: letters and digits with a dash between words.
    private static string Plain(ChartData chart)
    {
        const int Most = 60;
        var name = new StringBuilder();
        foreach (var letter in $"{chart.Title} {chart.Panel}".ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(letter))
            {
                name.Append(letter);
            }
            else if (name.Length > 0 && name[^1] != '-')
            {
                name.Append('-');
            }
        }

        return name.ToString()[..Math.Min(name.Length, Most)].Trim('-');
    }
}
