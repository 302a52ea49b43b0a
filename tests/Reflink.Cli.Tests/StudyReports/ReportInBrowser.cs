using System.Collections.Concurrent;
using PuppeteerSharp;
using Reflink.Studies.Reporting;

namespace Reflink.Cli.Tests.StudyReports;

/// <summary>The report of a study, opened from its file by Chromium without a window; nothing is opened where there is no Chromium.</summary>
public sealed class ReportInBrowser : IAsyncLifetime
{
    private static readonly string[] s_places = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];

    private IBrowser? _browser;

    /// <summary>The study.</summary>
    public ReportedStudy Study { get; } = new();

    /// <summary>What the page asked for, and what it complained of.</summary>
    public ConcurrentQueue<string> Heard { get; } = new();

    /// <summary>The address of the page.</summary>
    public string Address => $"file://{Study.Of(StudyReport.FileName)}";

    /// <summary>Chromium; null where there is none.</summary>
    public static string? Program => s_places.FirstOrDefault(File.Exists);

    public async Task InitializeAsync()
    {
        if (Program is { } program)
        {
            _browser = await Puppeteer.LaunchAsync(new LaunchOptions { ExecutablePath = program, Args = ["--no-sandbox", "--disable-dev-shm-usage"], Timeout = 120_000 });
        }
    }

    /// <summary>Opens the page in a tab of its own, high enough that nothing has to be scrolled to, and 1,000 pixels wide.</summary>
    public async Task<IPage> Open()
    {
        Skip.If(_browser is null, "there is no Chromium to open a report with; apt-get install chromium");
        var page = await _browser!.NewPageAsync();
        page.DefaultTimeout = 60_000;
        page.Console += (_, e) => Heard.Enqueue($"console: {e.Message.Text}");
        page.PageError += (_, e) => Heard.Enqueue($"error: {e.Message}");
        page.Request += (_, e) => Heard.Enqueue(e.Request.Url);
        await page.SetViewportAsync(new ViewPortOptions { Width = 1000, Height = 4000, DeviceScaleFactor = 1 });
        await page.GoToAsync(Address);
        return page;
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        Study.Dispose();
    }
}
