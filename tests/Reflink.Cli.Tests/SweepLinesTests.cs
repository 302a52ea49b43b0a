using Reflink.Cli.Studying;
using Reflink.Studies.Sweeps;

namespace Reflink.Cli.Tests;

/// <summary>The lines that tell a log how far a sweep is, with a clock that the test sets.</summary>
public sealed class SweepLinesTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly List<string> _printed = [];
    private readonly SweepLines _lines;

    public SweepLinesTests() => _lines = new SweepLines(_time, _printed.Add);

    public void Dispose() => _lines.Dispose();

    [Fact]
    public void A_sweep_tells_every_ten_seconds_how_many_runs_are_done_and_how_long_the_others_take()
    {
        _lines.Report(new SweepProgress(4, 120, 0, null));
        _time.Pass(9);
        Assert.Empty(_printed);
        _lines.Report(new SweepProgress(34, 120, 0, null));
        _time.Pass(1);
        _time.Pass(10);
        _lines.Report(new SweepProgress(64, 120, 2, null));
        _time.Pass(10);

        Assert.Equal(["34 of 120 runs, 29 s left", "34 of 120 runs, 58 s left", "64 of 120 runs, 2 failed, 28 s left"], _printed);
    }

    [Fact]
    public void Minutes_and_hours_are_told_as_such_and_nothing_where_nobody_knows()
    {
        _lines.Report(new SweepProgress(0, 100_000, 0, null));
        _time.Pass(10);
        _lines.Report(new SweepProgress(2, 100_000, 0, null));
        _time.Pass(10);
        _lines.Report(new SweepProgress(9_000, 100_000, 0, null));
        _time.Pass(10);

        Assert.Equal(["0 of 100000 runs", "2 of 100000 runs, 278 h left", "9000 of 100000 runs, 6 min left"], _printed);
    }

    [Fact]
    public void Nothing_is_told_after_the_end()
    {
        _lines.Report(new SweepProgress(1, 2, 0, null));
        _lines.Dispose();
        _time.Pass(60);

        Assert.Empty(_printed);
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _now;
        private Action? _ring;
        private TimeSpan _period;
        private TimeSpan _next;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_ring, _period, _next) = (() => callback(state), period, dueTime);
            return new Bell();
        }

        // The bell rings even when it was disposed, as one may that has just begun to.
        public void Pass(int seconds)
        {
            for (_now += seconds * TimeSpan.TicksPerSecond; _next.Ticks <= _now; _next += _period)
            {
                _ring!();
            }
        }

        private sealed class Bell : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => false;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
