using System.Globalization;
using Reflink.Studies.Sweeps;

namespace Reflink.Cli.Studying;

/// <summary>A sweep that no terminal shows: a line every ten seconds, so that a log tells that it goes on and how long it will take.</summary>
internal sealed class SweepLines : IProgress<SweepProgress>, IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Action<string> _print;
    private readonly long _began;
    private readonly ITimer _timer;
    private SweepProgress? _first;
    private SweepProgress? _last;
    private bool _isOver;

    /// <summary>Begins to count.</summary>
    /// <param name="time">What the ten seconds are taken from.</param>
    /// <param name="print">Prints a line; called from another thread, never twice at a time, and not after the end.</param>
    public SweepLines(TimeProvider time, Action<string> print)
    {
        (_time, _print, _began) = (time, print, time.GetTimestamp());
        _timer = time.CreateTimer(_ => Print(), null, s_pause, s_pause);
    }

    public void Report(SweepProgress value)
    {
        lock (_gate)
        {
            _first ??= value;
            _last = value;
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            _isOver = true;
        }
    }

    private void Print()
    {
        lock (_gate)
        {
            if (!_isOver && _first is { } first && _last is { } last)
            {
                var failed = last.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {last.Failed} failed") : "";
                var left = last.Done > first.Done ? $", {Text(_time.GetElapsedTime(_began) * ((double)(last.Total - last.Done) / (last.Done - first.Done)))} left" : "";
                _print(string.Create(CultureInfo.InvariantCulture, $"{last.Done} of {last.Total} runs{failed}{left}"));
            }
        }
    }

    private static string Text(TimeSpan time)
    {
        var (number, unit) = time < TimeSpan.FromMinutes(2) ? (time.TotalSeconds, "s") : time < TimeSpan.FromHours(2) ? (time.TotalMinutes, "min") : (time.TotalHours, "h");
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(number)} {unit}");
    }
}
