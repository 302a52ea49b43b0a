using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Reflink.Studies.Reporting;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Sweeps;

namespace Reflink.Cli.Tests.StudyReports;

/// <summary>What a report's page carries is what the runs found.</summary>
public sealed class StudyReportTests(ReportedStudy study) : IClassFixture<ReportedStudy>
{
    [Fact]
    public void The_page_carries_the_samples_and_page_maps_of_every_run()
    {
        var shown = study.Data()["runs"]!.AsArray();
        var plans = study.Scenario.Plan().ToList();
        Assert.Equal(plans.Count, shown.Count);
        foreach (var (plan, run) in plans.Zip(shown))
        {
            var found = study.Folder.Read(plan);
            Assert.NotEmpty(found["maps"]!.AsArray());
            Assert.True(JsonNode.DeepEquals(found["maps"], run!["maps"]), $"the page maps of {plan}");
            Assert.True(JsonNode.DeepEquals(found["samples"], run["samples"]), $"the samples of {plan}");
        }
    }

    [Fact]
    public void The_rows_of_the_page_are_those_of_the_results()
    {
        var data = study.Data();
        var columns = data["columns"]!.AsArray().Select(c => c!.GetValue<string>());
        var rows = data["rows"]!.AsArray().Select(row => new JsonObject(columns.Zip(row!.AsArray(), (c, v) => KeyValuePair.Create(c, c == "memory" ? ScenarioParameter.ValueOf(v!.GetValue<string>()) is long bytes ? (JsonNode?)bytes : null : v?.DeepClone()))));
        var lines = File.ReadAllLines(study.Of("results.jsonl")).Select(line => JsonNode.Parse(line));
        Assert.Equal(lines, rows, (a, b) => JsonNode.DeepEquals(a, b));
    }

    [Fact]
    public void Runs_that_failed_are_named_with_their_reasons_and_are_in_no_chart()
    {
        var data = study.Data();
        Assert.Equal(2, data["failures"]!.AsArray().Count);
        Assert.All(data["failures"]!.AsArray(), failure => Assert.Contains("one run is to fail", failure![1]!.GetValue<string>(), StringComparison.Ordinal));
        var inode = data["charts"]![0]!["lines"]!.AsArray().Single(line => line!["name"]!.GetValue<string>() == "keying inode")!;
        Assert.Equal([false, false, true], inode["middle"]!.AsArray().Select(v => v is null));
    }

    [Fact]
    public void A_line_is_the_median_over_the_seeds_and_its_band_their_extent()
    {
        var chart = study.Data()["charts"]![0]!;
        Assert.Equal(["256K", "512K", "1MiB"], chart["labels"]!.AsArray().Select(v => v!.GetValue<string>()));
        var line = chart["lines"]!.AsArray().Single(l => l!["name"]!.GetValue<string>() == "keying block")!;
        foreach (var (at, memory) in ((string[])["256K", "512K", "1MiB"]).Index())
        {
            var reads = study.Scenario.Plan().Where(p => p.Parameters[0].Value == memory && p.Parameters[1].Value == "block")
                .Select(p => study.Folder.Read(p)["values"]!["reads"]!.GetValue<double>()).Order().ToList();
            Assert.Equal(
                [(reads[0] + reads[1]) / 2, reads[0], reads[1]],
                ((string[])["middle", "low", "high"]).Select(name => line[name]![at]!.GetValue<double>()));
        }
    }

    [Fact]
    public void The_same_folder_gives_the_same_page_and_figures()
    {
        var (folder, scenario) = StudyFolder.Read(study.Folder.Path);
        Assert.Equal(File.ReadAllText(study.Of(StudyReport.FileName)), StudyReport.Html(folder, scenario));
        Assert.All(StudyReport.Figures(folder, scenario), figure => Assert.Equal(File.ReadAllText(study.Of($"figures/{figure.Key}")), figure.Value));
    }

    [Fact]
    public void Every_chart_is_a_figure_that_shows_its_title()
    {
        var files = Directory.GetFiles(study.Of("figures")).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(["01-reads.svg", "02-frames.svg", "03-saved.svg", "04-saved-against-reads.svg"], files.Select(Path.GetFileName));
        Assert.All(study.Scenario.Charts.Zip(files), pair => Assert.Contains(XDocument.Load(pair.Second).Descendants(), e => e.Name.LocalName == "text" && e.Value == pair.First.Title));
    }

    [Fact]
    public void No_text_of_a_study_ends_the_data_or_becomes_part_of_the_page()
    {
        var html = File.ReadAllText(study.Of(StudyReport.FileName));
        Assert.DoesNotContain("trapped'</script>", html, StringComparison.Ordinal);
        Assert.Equal(ReportedStudy.Trap, study.Data()["about"]!.GetValue<string>());
    }

    [Fact]
    public void A_study_without_charts_gets_one_for_each_column_of_numbers()
    {
        using var scratch = new Scratch();
        var scenario = Scenario.Parse("{study: plain, parameters: {size: [4K, 8K], keying: [block, inode]}, machine: {memory: 1MiB, keying: '${keying}'}, measure: [frames, reads], steps: ['create a ${size}', clone a b, read b]}", "plain.yaml");
        var folder = StudyFolder.Open(scratch.Path("results"), scenario);
        Sweep.Run(scenario, folder, 1);
        var charts = ReportedStudy.DataOf(StudyReport.Html(folder, scenario))["charts"]!.AsArray();
        Assert.Equal(["frames by size", "reads by size"], charts.Select(chart => chart!["title"]!.GetValue<string>()));
        Assert.All(charts, chart => Assert.Equal(["keying block", "keying inode"], chart!["lines"]!.AsArray().Select(line => line!["name"]!.GetValue<string>())));
    }

    [Fact]
    public void Page_maps_that_would_make_the_page_too_large_are_left_out_from_the_first_such_run_on()
    {
        using var scratch = new Scratch();
        var folder = StudyFolder.Open(scratch.Path("large"), study.Scenario);
        var plans = study.Scenario.Plan().Take(3).ToList();
        foreach (var plan in plans)
        {
            var run = study.Folder.Read(plan);
            run["maps"]![0]!["label"] = plan == plans[1] ? new string('x', 33 << 20) : "short";
            var text = run.ToJsonString() + "\n";
            folder.Write($"runs/{plan.Id}.json", $"{text}{Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(text)))}\n");
        }

        var runs = ReportedStudy.DataOf(StudyReport.Html(folder, study.Scenario))["runs"]!.AsArray();
        Assert.Equal([true, false, false], runs.Select(run => run!["maps"] is not null));
        Assert.All(runs, run => Assert.NotNull(run!["samples"]));
    }

    [Fact]
    public void The_report_command_writes_the_page_where_it_is_told_and_refuses_other_folders()
    {
        using var scratch = new Scratch();
        Cli.Run("report", study.Folder.Path, "--out", scratch.Path("page.html")).Succeeded();
        Assert.Equal(File.ReadAllText(study.Of(StudyReport.FileName)), File.ReadAllText(scratch.Path("page.html")));
        Assert.Equal(File.ReadAllText(scratch.Path("page.html")), Cli.Run("report", study.Folder.Path, "--out", "-").Succeeded().Output);
        Cli.Run("report", scratch.Path("none")).Refused(1, "ENOENT", "none", "reflink study run");
    }

    [Fact]
    public void The_report_command_writes_no_empty_report_where_another_version_of_the_program_made_the_runs()
    {
        using var scratch = new Scratch();
        var folder = StudyFolder.Open(scratch.Path("old"), study.Scenario);
        folder.Write("runs/0123456789abcdef0123456789abcdef.json", "{}");
        Cli.Run("report", folder.Path).Refused(1, "ENOENT", "no run that this version of the program made", "reflink study run");
        Assert.False(File.Exists(Path.Combine(folder.Path, StudyReport.FileName)));
    }

    [Theory]
    [InlineData("uPlot.iife.min.js")]
    [InlineData("uPlot.min.css")]
    [InlineData("uPlot.LICENSE")]
    public void UPlot_is_what_its_authors_published(string name)
    {
        var assets = Path.Combine(Checkout(), "src/Reflink.Studies/Reporting/Assets");
        using var resource = typeof(StudyReport).Assembly.GetManifestResourceStream($"Reflink.Studies.Reporting.Assets.{name}")!;
        Assert.Contains($"| `{name}` | `{Convert.ToHexStringLower(SHA256.HashData(resource))}` |", File.ReadAllText(Path.Combine(assets, "README.md")), StringComparison.Ordinal);
    }

    private static string Checkout([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../.."));
}
