using System.Diagnostics;
using PuppeteerSharp;
using Reflink.Testing;

namespace Reflink.Cli.Tests.StudyReports;

/// <summary>The trace of a run in a program that people open it with: speedscope, from npm, in Chromium.</summary>
public sealed class SpeedscopeTests : IDisposable
{
    private const string Package = "speedscope@1.25.0";
    private readonly ScratchFolder _scratch = new("speedscope");

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task Speedscope_shows_each_step_as_long_as_it_took()
    {
        Skip.If(ReportInBrowser.Program is null, "there is no Chromium to open a trace with; apt-get install chromium");
        Skip.IfNot(Got("npm", "pack", Package) && Got("tar", "xzf", "speedscope-1.25.0.tgz"), $"{Package} cannot be had from npm");
        var trace = Cli.Run("cache", "--perfetto", _scratch.Of("run.json"), "create a 64K", "wait 3", "wait 5");
        Assert.Equal("", trace.Succeeded().Error);
        await File.WriteAllTextAsync(_scratch.Of("run.js"), $"speedscope.loadFileFromBase64('run.json', '{Convert.ToBase64String(await File.ReadAllBytesAsync(_scratch.Of("run.json")))}')");

        await using var browser = await Puppeteer.LaunchAsync(new LaunchOptions { ExecutablePath = ReportInBrowser.Program, Args = ["--no-sandbox", "--disable-dev-shm-usage", "--allow-file-access-from-files"], Timeout = 120_000 });
        await using var page = await browser.NewPageAsync();
        page.DefaultTimeout = 60_000;
        await page.GoToAsync($"file://{_scratch.Of("package/dist/release/index.html")}#localProfilePath={_scratch.Of("run.js")}");
        await page.WaitForExpressionAsync("document.body.innerText.includes('steps (tid 0)')");
        await page.EvaluateExpressionAsync("[...document.querySelectorAll('div')].filter(d => d.childElementCount <= 1 && d.textContent.endsWith('Sandwich')).at(-1).click()");
        await page.WaitForExpressionAsync("document.querySelectorAll('table tr').length > 3");
        var rows = await page.EvaluateExpressionAsync<string[]>("[...document.querySelectorAll('table tr')].map(row => row.innerText.replace(/\\s+/g, ' ').trim())");

        Assert.Contains(rows, row => row.EndsWith("wait 3", StringComparison.Ordinal) && row.StartsWith("3.00ms", StringComparison.Ordinal));
        Assert.Contains(rows, row => row.EndsWith("wait 5", StringComparison.Ordinal) && row.StartsWith("5.00ms", StringComparison.Ordinal));
    }

    private bool Got(string program, params string[] arguments)
    {
        try
        {
            using var running = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = _scratch.Of("."), RedirectStandardOutput = true, RedirectStandardError = true })!;
            _ = running.StandardError.ReadToEndAsync();
            _ = running.StandardOutput.ReadToEnd();
            running.WaitForExit();
            return running.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
