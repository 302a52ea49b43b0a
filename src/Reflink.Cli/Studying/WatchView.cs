using System.Diagnostics;
using System.Globalization;
using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Scenarios.Measures;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Reflink.Cli.Studying;

/// <summary>A run as it goes on, on standard error: simulated time, the step, a bar of frames by kind, and what the study measures.</summary>
internal sealed class WatchView : IRunObserver
{
    private const int MostText = 70;

    // Counting who owns which frame takes longer than most steps.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private static readonly (FrameKind Kind, Color Color)[] s_kinds =
    [
        (FrameKind.File, new Color(0, 114, 178)), (FrameKind.Shared, new Color(0, 158, 115)), (FrameKind.Derived, new Color(204, 121, 167)),
        (FrameKind.Private, new Color(230, 159, 0)), (FrameKind.Merged, new Color(86, 180, 233)), (FrameKind.Unowned, new Color(213, 94, 0)),
    ];

    private readonly LiveDisplayContext _live;
    private readonly string _title;
    private readonly Stopwatch _since = new();
    private string _step = "";
    private string _part = "";

    private WatchView(LiveDisplayContext live, string title) => (_live, _title) = (live, title);

    /// <summary>Does work that may show the view; with null it must not, for nobody would see it.</summary>
    public static T Show<T>(Scenario scenario, RunPlan plan, Func<WatchView?, T> work)
    {
        if (Console.IsErrorRedirected)
        {
            return work(null);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Live(new Text("")).Start(live => work(new WatchView(live, $"{scenario.Name}: {plan}")));
    }

    public void SwitchedOn(Machine machine)
    {
    }

    public void StepBegins(string step, RunMoment now)
    {
        (_step, _part) = (step.Length <= MostText ? step : step[..(MostText - 3)] + "...", "");
        DrawInTime(now);
    }

    public void StepGoesOn(ExperimentProgress done, RunMoment now)
    {
        _part = done.Total > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({100 * (Int128)done.Done / done.Total} %)") : "";
        DrawInTime(now);
    }

    public void StepEnds(string? outcome, RunMoment now) => DrawInTime(now);

    public void Sampled(string label, RunMoment now)
    {
        if (label == "end")
        {
            (_step, _part) = ("ended", "");
            Draw(now);
        }
        else
        {
            DrawInTime(now);
        }
    }

    private void DrawInTime(RunMoment now)
    {
        if (!_since.IsRunning || _since.Elapsed >= s_pause)
        {
            Draw(now);
        }
    }

    private void Draw(RunMoment now)
    {
        var cache = now.Machine.Cache;
        var bar = new BreakdownChart().Width(MostText);
        foreach (var (kind, color) in s_kinds)
        {
            if (now.Frames(kind) is var frames and > 0)
            {
                bar.AddItem(kind.ToString().ToLowerInvariant(), frames, color);
            }
        }

        bar.AddItem("free", cache.FrameCount - cache.Resident, new Color(128, 128, 128));
        var values = new Grid().AddColumn().AddColumn(new GridColumn().RightAligned());
        foreach (var (name, value) in now.Values)
        {
            values.AddRow(Markup.Escape(name), value?.ToString("N0", CultureInfo.InvariantCulture) ?? "-");
        }

        _live.UpdateTarget(new Rows((IRenderable[])[new Text(_title), new Text($"{SampleLines.Seconds(now.Time)}  {_step}{_part}"), bar, values]));
        _since.Restart();
    }
}
