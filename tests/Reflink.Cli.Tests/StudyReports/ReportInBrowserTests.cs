using System.Globalization;
using System.Text.Json.Nodes;
using PuppeteerSharp;

namespace Reflink.Cli.Tests.StudyReports;

/// <summary>The report in a real browser: what it shows is what the runs found, and it can be looked around in by pointer and by keyboard.</summary>
public sealed class ReportInBrowserTests(ReportInBrowser browser) : IClassFixture<ReportInBrowser>
{
    private const string Cells = "[...document.querySelectorAll('#results tbody tr')].map(row => [...row.cells].slice(0, -1).map(cell => cell.textContent))";
    private const int Cell = 18;

    [SkippableFact]
    public async Task The_table_shows_the_numbers_of_the_results_and_a_click_on_a_heading_sorts_it()
    {
        await using var page = await browser.Open();
        var lines = File.ReadAllLines(browser.Study.Of("results.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        var shown = await page.EvaluateExpressionAsync<string[][]>(Cells);
        // A parameter is shown as it was written, and the files have the number that formulas see.
        Assert.Equal(lines.Select(line => line.Select(cell => Shown(cell.Key == "memory" ? Written(cell.Value!) : cell.Value))), shown);

        await page.EvaluateExpressionAsync("[...document.querySelectorAll('#results th button')].find(b => b.textContent === 'reads').click()");
        var sorted = await page.EvaluateExpressionAsync<string[][]>(Cells);
        var column = lines[0].Select(cell => cell.Key).ToList().IndexOf("reads");
        Assert.Equal(lines.Select(line => line["reads"]!.GetValue<long>()).Order(), sorted.Select(row => long.Parse(row[column], NumberStyles.AllowThousands, CultureInfo.InvariantCulture)));
    }

    [SkippableFact]
    public async Task The_download_is_the_file_of_results()
    {
        await using var page = await browser.Open();
        var link = await page.EvaluateExpressionAsync<string>("(() => { const a = document.querySelector('a.download'); a.addEventListener('click', e => e.preventDefault()); a.click(); return a.href; })()");
        Assert.Equal(File.ReadAllText(browser.Study.Of("results.csv")), Uri.UnescapeDataString(link[(link.IndexOf(',', StringComparison.Ordinal) + 1)..]));
    }

    [SkippableFact]
    public async Task The_slider_and_the_arrow_keys_go_from_snapshot_to_snapshot()
    {
        await using var page = await browser.Open();
        Assert.StartsWith("1 of 3: cloned", await Snapshot(page), StringComparison.Ordinal);
        var before = await Picture(page);
        await page.Keyboard.PressAsync("ArrowRight");
        Assert.StartsWith("2 of 3: written", await Snapshot(page), StringComparison.Ordinal);
        Assert.NotEqual(before, await Picture(page));
        await page.FocusAsync("#snapshot");
        await page.Keyboard.PressAsync("ArrowRight");
        Assert.StartsWith("3 of 3: read again", await Snapshot(page), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Home");
        Assert.StartsWith("1 of 3: cloned", await Snapshot(page), StringComparison.Ordinal);
        Assert.Equal(before, await Picture(page));
    }

    [SkippableFact]
    public async Task Pointing_at_a_cell_tells_what_is_in_the_frame_and_a_click_follows_its_page()
    {
        await using var page = await browser.Open();
        await page.Keyboard.PressAsync("ArrowRight");
        var map = browser.Study.Folder.Read(browser.Study.Scenario.Plan().First())["maps"]![1]!;
        var run = map["runs"]!.AsArray().First(r => r![6]!.AsArray().Count > 1)!;
        var (frame, owners) = (run[0]!.GetValue<int>(), run[6]!.AsArray().Select(o => $"{map["owners"]![o![0]!.GetValue<int>()]!["name"]}:{o[1]}").ToList());
        var (x, y) = await Place(page, frame);
        await page.Mouse.MoveAsync(x, y);
        var told = await Told(page);
        Assert.Contains($"Frame {frame}", told, StringComparison.Ordinal);
        Assert.Contains($"Block {run[3]}, {run[2]}", told, StringComparison.Ordinal);
        Assert.All(owners, owner => Assert.Contains(owner, told, StringComparison.Ordinal));

        await page.Mouse.ClickAsync(x, y);
        var (name, number) = (owners[0].Split(':')[0], owners[0].Split(':')[1]);
        Assert.Contains($"Page {number} of {name}", await Told(page), StringComparison.Ordinal);
        Assert.Equal(3, await page.EvaluateExpressionAsync<int>("document.querySelectorAll('aside ol li').length"));
        Assert.True(await page.EvaluateExpressionAsync<bool>("(() => { const c = document.querySelectorAll('#map canvas')[1]; return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v > 0); })()"), "the page is outlined");
    }

    [SkippableFact]
    public async Task The_files_are_a_second_view_that_tells_the_same()
    {
        await using var page = await browser.Open();
        await page.EvaluateExpressionAsync("[...document.querySelectorAll('#map button')].find(b => b.textContent === 'Files').click()");
        var box = await page.EvaluateExpressionAsync<double[]>("(() => { const b = document.querySelector('#map canvas').getBoundingClientRect(); return [b.x, b.y]; })()");
        await page.Mouse.MoveAsync((decimal)box[0] + 2, (decimal)box[1] + 25);
        Assert.Contains("base:0", await Told(page), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_button_makes_the_page_dark_and_the_system_decides_before()
    {
        await using var page = await browser.Open();
        var light = await Background(page);
        await page.ClickAsync("#dark");
        var dark = await Background(page);
        Assert.NotEqual(light, dark);
        await page.ClickAsync("#dark");
        Assert.Equal(light, await Background(page));
        await page.EmulateMediaFeaturesAsync([new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = "dark" }]);
        await page.WaitForFunctionAsync("() => document.documentElement.classList.contains('dark')");
        Assert.Equal(dark, await Background(page));
    }

    [SkippableFact]
    public async Task On_paper_the_page_is_white_and_dark_again_after()
    {
        await using var page = await browser.Open();
        var light = await Background(page);
        await page.ClickAsync("#dark");
        var dark = await Background(page);
        await page.EvaluateExpressionAsync("window.dispatchEvent(new Event('beforeprint'))");
        Assert.Equal(light, await Background(page));
        await page.EvaluateExpressionAsync("window.dispatchEvent(new Event('afterprint'))");
        Assert.Equal(dark, await Background(page));
    }

    [SkippableFact]
    public async Task The_choice_of_a_run_shows_its_own_machine()
    {
        await using var page = await browser.Open();
        await page.EvaluateExpressionAsync("[...document.querySelectorAll('#run label')].find(l => l.firstChild.textContent === 'memory').querySelector('select').id = 'memory'");
        foreach (var (at, frames) in ((int, string)[])[(1, "128 frames"), (2, "256 frames"), (0, "64 frames")])
        {
            await page.SelectAsync("#memory", $"{at}");
            Assert.Contains(frames, await Told(page), StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public async Task The_page_asks_for_nothing_but_its_file_complains_of_nothing_and_is_not_too_wide()
    {
        await using var page = await browser.Open();
        foreach (var name in (string[])["number of owners", "age"])
        {
            await page.EvaluateExpressionAsync($"(() => {{ const s = [...document.querySelectorAll('#map select')][0]; s.value = [...s.options].findIndex(o => o.textContent === '{name}'); s.dispatchEvent(new Event('change')); }})()");
        }

        Assert.Equal(4, await page.EvaluateExpressionAsync<int>("[...document.querySelectorAll('#charts figure')].filter(f => f.querySelector('canvas, svg')).length"));
        Assert.Equal("reported", await page.GetTitleAsync());
        Assert.Equal(1000, await page.EvaluateExpressionAsync<int>("document.documentElement.scrollWidth"));
        Assert.Equal([browser.Address], browser.Heard.Distinct());
    }

    private JsonNode? Written(JsonNode value) => browser.Study.Scenario.Parameters[0].Texts.Single(text => JsonNode.DeepEquals(JsonValue.Create(Reflink.Studies.Scenarios.ScenarioParameter.ValueOf(text) as long?), value));

    private static string Shown(JsonNode? value) => value is null ? "" : value.GetValueKind() == System.Text.Json.JsonValueKind.Number
        ? value.GetValue<double>().ToString("#,##0.######", CultureInfo.InvariantCulture) : value.ToString();

    private static Task<string> Snapshot(IPage page) => page.EvaluateExpressionAsync<string>("document.querySelector('output').textContent");

    private static Task<string> Told(IPage page) => page.EvaluateExpressionAsync<string>("document.querySelector('aside').innerText");

    private static Task<string> Picture(IPage page) => page.EvaluateExpressionAsync<string>("document.querySelector('#map canvas').toDataURL()");

    private static Task<string> Background(IPage page) => page.EvaluateExpressionAsync<string>("getComputedStyle(document.body).backgroundColor");

    // The middle of a cell: a machine of few frames has cells of 18 pixels, as many in a row as the picture is wide.
    private static async Task<(decimal X, decimal Y)> Place(IPage page, int frame)
    {
        var box = await page.EvaluateExpressionAsync<double[]>("(() => { const b = document.querySelector('#map canvas').getBoundingClientRect(); return [b.x, b.y, b.width]; })()");
        var columns = (int)(box[2] / Cell);
        return ((decimal)(box[0] + (((frame % columns) + 0.5) * Cell)), (decimal)(box[1] + (((frame / columns) + 0.5) * Cell)));
    }
}
